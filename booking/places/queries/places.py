"""Places by time: the least of the class pool and the house pool, cell by cell."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.sql import marks, moment_in, moment_out, rows
from cms.core.calendar.times import day_bounds, local, local_date
from cms.core.display.ribbon import render_ribbon
from directory.register.models import Institution

#: Cells of the class and house pools of some institutions in a span; inactive pools offer nothing.
SPAN = """
SELECT p.institution_id, p.bucket, c.starts_at, c.ends_at, c.capacity - c.taken
  FROM booking_capacitypool p JOIN booking_capacitycell c ON c.pool_id = p.id
 WHERE p.institution_id IN ({institutions}) AND p.kind = 'care' AND p.active {bucket}
   AND c.starts_at >= %s AND c.starts_at < %s
"""

Span = tuple[dt.datetime, dt.datetime, int]


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """Places left in one half-open piece of time."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    remaining: int


class PoolCells:
    """The cells of one day or span, asked for stays."""

    def __init__(self, cells: Iterable[PlaceCell]) -> None:
        self.cells = sorted(cells, key=lambda cell: cell.starts_at)
        self._by_start = {cell.starts_at: cell for cell in self.cells}
        self._run_ends = self._find_run_ends()

    def _find_run_ends(self) -> dict[dt.datetime, dt.datetime]:
        """Start of each free cell → end of the last free cell that follows it without a gap."""
        ends: dict[dt.datetime, dt.datetime] = {}
        for cell in reversed(self.cells):
            if cell.remaining > 0:
                ends[cell.starts_at] = ends.get(cell.ends_at, cell.ends_at)
        return ends

    @property
    def has_places(self) -> bool:
        """Whether anything is free at any time."""
        return bool(self._run_ends)

    def free_until(self, moment: dt.datetime) -> dt.datetime:
        """Until when there is a place without a break from the moment on; the moment itself where there is none."""
        return self._run_ends.get(moment, moment)

    @classmethod
    def least_of(cls, own: Sequence[Span], house: Sequence[Span]) -> PoolCells:
        """The lesser of class and house where both have a cell; a cell missing on one side is not bookable."""
        places = {starts: free for starts, _, free in house}
        return cls(
            PlaceCell(starts, ends, max(0, min(free, places[starts]))) for starts, ends, free in own if starts in places
        )

    def remaining(self, starts_at: dt.datetime, ends_at: dt.datetime) -> int:
        """Places for the whole stay; 0 where a cell is missing or does not end with the stay."""
        least: int | None = None
        moment = starts_at
        while moment < ends_at:
            cell = self._by_start.get(moment)
            if cell is None:
                return 0
            least = cell.remaining if least is None else min(least, cell.remaining)
            moment = cell.ends_at
        return (least or 0) if moment == ends_at else 0


def read_spans(
    *,
    institution_ids: Sequence[int],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    buckets: Sequence[str] | None = None,
) -> dict[int, dict[str, list[Span]]]:
    """``{institution: {bucket: [(starts_at, ends_at, free)]}}`` in one query; ``buckets`` None = all."""
    if not institution_ids:
        return {}
    bucket = f"AND p.bucket IN ({marks(len(buckets))})" if buckets else ""
    sql = SPAN.format(institutions=marks(len(institution_ids)), bucket=bucket)
    found: dict[int, dict[str, list[Span]]] = defaultdict(lambda: defaultdict(list))
    parameters = [*institution_ids, *(buckets or ()), moment_in(starts_at), moment_in(ends_at)]
    for institution, name, starts, ends, free in rows(sql, parameters):
        found[institution][name].append((moment_out(starts), moment_out(ends), free))
    return found


def bucket_cells(spans: Mapping[str, Sequence[Span]], bucket: str | None) -> list[PlaceCell]:
    """Places of a class (house considered); ``bucket`` None = the best class at each time."""
    house = spans.get(HOUSE_BUCKET, ())
    if bucket is not None:
        return PoolCells.least_of(spans.get(bucket, ()), house).cells
    best: dict[dt.datetime, PlaceCell] = {}
    for name, own in spans.items():
        if name == HOUSE_BUCKET:
            continue
        for cell in PoolCells.least_of(own, house).cells:
            known = best.get(cell.starts_at)
            if known is None or cell.remaining > known.remaining:
                best[cell.starts_at] = cell
    return sorted(best.values(), key=lambda cell: cell.starts_at)


def span_cells(*, institution: Institution, bucket: str | None, start: dt.date, days: int) -> list[PlaceCell]:
    """Places of an institution on ``days`` days from ``start``."""
    starts_at, _ = day_bounds(start)
    _, ends_at = day_bounds(start + dt.timedelta(days=days - 1))
    buckets = None if bucket is None else (bucket, HOUSE_BUCKET)
    spans = read_spans(institution_ids=[institution.pk], starts_at=starts_at, ends_at=ends_at, buckets=buckets)
    return bucket_cells(spans.get(institution.pk, {}), bucket)


def day_cells(*, institution: Institution, bucket: str | None, day: dt.date) -> list[PlaceCell]:
    """Places of an institution on one day."""
    return span_cells(institution=institution, bucket=bucket, start=day, days=1)


def by_day(cells: Iterable[PlaceCell]) -> dict[dt.date, list[PlaceCell]]:
    """The cells grouped by their day."""
    grouped: dict[dt.date, list[PlaceCell]] = defaultdict(list)
    for cell in cells:
        grouped[local_date(cell.starts_at)].append(cell)
    return grouped


def minutes_of_day(cells: Iterable[PlaceCell]) -> dict[int, int]:
    """Places by start minute of the day."""
    found = {}
    for cell in cells:
        moment = local(cell.starts_at)
        found[moment.hour * 60 + moment.minute] = cell.remaining
    return found


def raster_of(cells: Sequence[PlaceCell]) -> int:
    """Minutes a cell lasts; 30 where there is none to ask."""
    if not cells:
        return 30
    return int((cells[0].ends_at - cells[0].starts_at).total_seconds() // 60)


def ribbon_of(
    cells: Sequence[PlaceCell],
    *,
    label: str,
    mine: tuple[int, int] | None = None,
    stale: bool = False,
    scale: bool = True,
    hours: tuple[int, int] | None = None,
) -> SafeString:
    """The ribbon of a day's cells; ``hours`` (minutes of the day) widens it so that rows line up."""
    remaining = minutes_of_day(cells)
    step = raster_of(cells)
    opens, closes = hours or ribbon_hours([cells])
    return render_ribbon(
        label=label, remaining=remaining, opens=opens, closes=closes, step=step, mine=mine, stale=stale, scale=scale
    )


def ribbon_hours(days: Iterable[Sequence[PlaceCell]]) -> tuple[int, int]:
    """The first opening and the last closing minute over some days, on full hours; 8 to 18 when there is nothing."""
    starts: list[int] = []
    ends: list[int] = []
    for cells in days:
        for cell in (cells[0], cells[-1]) if cells else ():
            first, last = local(cell.starts_at), local(cell.ends_at)
            starts.append(first.hour * 60 + first.minute)
            ends.append(last.hour * 60 + last.minute or 24 * 60)
    if not starts:
        return 8 * 60, 18 * 60
    return min(starts) // 60 * 60, -(-max(ends) // 60) * 60
