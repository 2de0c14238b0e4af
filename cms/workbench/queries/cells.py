"""Cells of an institution as only the workbench needs them: what is allowed and taken, and where a class is over.

What is free is asked of the reader that parents ask too (``booking.places.queries.free_places``).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from booking.places.models import CapacityCell
from booking.places.models.capacity import HOUSE_BUCKET
from cms.core.calendar.times import day_bounds, local
from directory.districts.class_kinds import kind_label
from directory.register.models import ClosingDay, Institution


@dataclass(frozen=True, slots=True)
class CellNumbers:
    """One cell: what is allowed and what is taken; ``closed`` where a closing covers it."""

    bucket: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    target: int
    taken: int
    closed: bool = False

    @property
    def over(self) -> int:
        """Children more than may be looked after. A closing leaves those who are in: that is no booking too many."""
        return 0 if self.closed else max(self.taken - self.target, 0)

    @property
    def minute(self) -> int:
        """Minutes since midnight on the wall clock."""
        moment = local(self.starts_at)
        return moment.hour * 60 + moment.minute

    @property
    def end_minute(self) -> int:
        """Where it ends, counted from the same midnight."""
        return self.minute + int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class OverSpan:
    """A class (or the whole house) over by at most ``over`` from one moment to another."""

    bucket: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    over: int

    @property
    def title(self) -> str:
        return bucket_title(self.bucket)

    @property
    def date(self) -> dt.date:
        return local(self.starts_at).date()


def bucket_title(bucket: str) -> str:
    """「托小班」, and 「全园」 for the house."""
    return kind_label(bucket) if bucket != HOUSE_BUCKET else _("全园")


def load_cells(institution: Institution, first: dt.date, last: dt.date) -> list[CellNumbers]:
    """All care cells from one day to another, both inclusive, in two queries, by class and time."""
    found = CapacityCell.objects.filter(
        pool__institution_id=institution.pk,
        pool__kind="care",
        starts_at__gte=day_bounds(first)[0],
        starts_at__lt=day_bounds(last)[1],
    ).order_by("pool__bucket", "starts_at")
    rows = found.values_list("pool__bucket", "starts_at", "ends_at", "target", "taken")
    cells = [CellNumbers(*row) for row in rows]
    closings = list(ClosingDay.objects.filter(institution_id=institution.pk, date__range=(first, last)))
    return [replace(cell, closed=_is_closed(cell, closings)) for cell in cells] if closings else cells


def _is_closed(cell: CellNumbers, closings: Iterable[ClosingDay]) -> bool:
    """Whether a closing of its class, or of all, falls into the cell."""
    return any(
        row.date == local(cell.starts_at).date()
        and row.class_kind in ("", cell.bucket)
        and row.from_minute < cell.end_minute
        and cell.minute < row.to_minute
        for row in closings
    )


def by_bucket(cells: Iterable[CellNumbers]) -> dict[str, list[CellNumbers]]:
    """The cells of each class, in time order."""
    grouped: dict[str, list[CellNumbers]] = defaultdict(list)
    for cell in cells:
        grouped[cell.bucket].append(cell)
    return grouped


def over_spans(cells: Iterable[CellNumbers], *, since: dt.datetime | None = None) -> list[OverSpan]:
    """Runs of neighbouring cells with more children than allowed, by time; only what ends after ``since``.

    The house is named only where no class is over at that time: otherwise the class says it already.
    """
    found: list[OverSpan] = []
    told: set[dt.datetime] = set()
    groups = by_bucket(cells)
    for bucket in sorted(groups, key=lambda name: name == HOUSE_BUCKET):
        over = [cell for cell in groups[bucket] if cell.over and (since is None or cell.ends_at > since)]
        if bucket == HOUSE_BUCKET:
            over = [cell for cell in over if cell.starts_at not in told]
        told.update(cell.starts_at for cell in over)
        found += _runs(over)
    return sorted(found, key=lambda span: (span.starts_at, span.bucket))


def _runs(cells: list[CellNumbers]) -> list[OverSpan]:
    runs: list[OverSpan] = []
    for cell in cells:
        if runs and runs[-1].ends_at == cell.starts_at:
            last = runs.pop()
            runs.append(OverSpan(cell.bucket, last.starts_at, cell.ends_at, max(last.over, cell.over)))
        else:
            runs.append(OverSpan(cell.bucket, cell.starts_at, cell.ends_at, cell.over))
    return runs
