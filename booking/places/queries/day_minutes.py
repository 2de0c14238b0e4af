"""Places of whole days by minute, for ribbons: the database gives whole numbers, and no moment is made of a cell.

A list page reads a thousand cells and a week two hundred; a zone-aware moment for both ends of each cost more than
everything else on those pages.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.sql import marks, minutes_since_1970, moment_in, rows
from cms.core.calendar.times import day_bounds

#: Cells of the class and house pools of some institutions on some days; inactive pools offer nothing.
CELLS = """
SELECT p.institution_id, p.bucket, p.raster_minutes, {minutes}, c.capacity - c.taken
  FROM booking_capacitypool p JOIN booking_capacitycell c ON c.pool_id = p.id
 WHERE p.institution_id IN ({institutions}) AND p.kind = 'care' AND p.active {bucket}
   AND c.starts_at >= %s AND c.starts_at < %s
"""
DAY = 24 * 60
DEFAULT_STEP = 30
DEFAULT_HOURS = (8 * 60, 18 * 60)


@dataclass(frozen=True, slots=True)
class DayMinutes:
    """Places of one day by start minute; a missing minute is closed. A cell lasts ``step`` minutes."""

    remaining: Mapping[int, int] = field(default_factory=dict)
    step: int = DEFAULT_STEP

    @property
    def best(self) -> int:
        """The most places free at one time."""
        return max(self.remaining.values(), default=0)

    def least(self, starts: int, ends: int) -> int:
        """Places for a whole stay; 0 where a cell is missing or does not end with the stay."""
        places = [self.remaining.get(minute, 0) for minute in range(starts, ends, self.step)]
        return min(places) if places and (ends - starts) % self.step == 0 else 0


def read_days(
    *, institution_ids: Sequence[int], start: dt.date, days: int = 1, buckets: Iterable[str] | None = None
) -> dict[int, PoolDays]:
    """The pools of some institutions on ``days`` days from ``start``, in one query; ``buckets`` None = all."""
    if not institution_ids:
        return {}
    wanted = [*buckets, HOUSE_BUCKET] if buckets is not None else []
    bucket = f"AND p.bucket IN ({marks(len(wanted))})" if wanted else ""
    sql = CELLS.format(
        institutions=marks(len(institution_ids)), bucket=bucket, minutes=minutes_since_1970("c.starts_at")
    )
    begins, ends = day_bounds(start)[0], day_bounds(start + dt.timedelta(days=days - 1))[1]
    midnight = int(begins.timestamp()) // 60
    found: dict[int, PoolDays] = {}
    for pk, name, raster, minute, free in rows(sql, [*institution_ids, *wanted, moment_in(begins), moment_in(ends)]):
        pools = found.get(pk)
        if pools is None:
            pools = found[pk] = PoolDays(start, raster, {})
        places = pools.places.get(name)
        if places is None:
            places = pools.places[name] = {}
        places[minute - midnight] = free
    return found


@dataclass(frozen=True, slots=True)
class PoolDays:
    """The pools of one institution: bucket → minutes after the first midnight → places free in that pool alone.

    China's clocks have not changed since 1991, so a day is 1,440 minutes.
    """

    start: dt.date
    step: int
    places: dict[str, dict[int, int]]

    def days_of(self, bucket: str | None) -> dict[dt.date, DayMinutes]:
        """Places of a class, the house considered, by day; ``bucket`` None = the best class at each time."""
        house = self.places.get(HOUSE_BUCKET, {})
        names = [bucket] if bucket is not None else [name for name in self.places if name != HOUSE_BUCKET]
        split: dict[int, dict[int, int]] = defaultdict(dict)
        for name in names:
            for minute, own in self.places.get(name, {}).items():
                # A place needs the class and the house: a cell missing on one side is not bookable.
                if (limit := house.get(minute)) is not None:
                    day, start = divmod(minute, DAY)
                    free = own if own < limit else limit
                    if free >= split[day].get(start, 0):
                        split[day][start] = free
        return {self.start + dt.timedelta(days=n): DayMinutes(own, self.step) for n, own in split.items()}


def shown_hours(days: Iterable[DayMinutes]) -> tuple[int, int]:
    """The first opening and the last closing minute over some days, on full hours; 8 to 18 when there is nothing."""
    open_days = [day for day in days if day.remaining]
    if not open_days:
        return DEFAULT_HOURS
    opens = min(min(day.remaining) for day in open_days)
    closes = max(max(day.remaining) + day.step for day in open_days)
    return opens // 60 * 60, -(-closes // 60) * 60
