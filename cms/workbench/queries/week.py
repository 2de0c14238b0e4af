"""The week of places by class, and one day in numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.place_rules import DayCells, shown_hours
from cms.core.calendar.times import local_date
from cms.workbench.queries.cells import (
    CellNumbers,
    bucket_title,
    by_bucket,
    day_cells,
    load_cells,
    over_spans,
)
from cms.workbench.queries.rows import shown_bookings
from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import ClosingDay, Institution


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One class on one day; ``places`` is None where it has no cells or the institution is closed (``closed``: why)."""

    day: dt.date
    places: DayCells | None
    bookings: int
    over: int
    closed: str


@dataclass(frozen=True, slots=True)
class WeekClass:
    """One class through the week."""

    bucket: str
    title: str
    days: list[WeekDay]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from ``start``; ``hours``: minutes of the day from the first opening to the last closing of all."""

    start: dt.date
    hours: tuple[int, int]
    classes: list[WeekClass]

    @property
    def previous(self) -> dt.date:
        return self.start - dt.timedelta(days=7)

    @property
    def following(self) -> dt.date:
        return self.start + dt.timedelta(days=7)

    @property
    def end(self) -> dt.date:
        return self.start + dt.timedelta(days=6)


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One line of a day's numbers: per class places allowed, taken, left."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    cells: list[CellNumbers | None]


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """A day by its cells."""

    titles: list[str]
    lines: list[HalfHour]


def load_week(*, institution: Institution, start: dt.date, now: dt.datetime) -> Week:
    """Places of the week by class, and how many bookings the days' lists show; three queries in all."""
    end = start + dt.timedelta(days=6)
    cells = load_cells(institution, start, end)
    closed = dict(
        ClosingDay.objects.filter(institution_id=institution.pk, date__range=(start, end)).values_list("date", "reason")
    )
    counted = (
        shown_bookings(institution, start, end, now)
        .values_list("pool__bucket", "service_date")
        .annotate(number=Count("pk"))
    )
    bookings = Counter({(bucket, day): number for bucket, day, number in counted})
    # The same hours for all days, so that their ribbons line up.
    hours = shown_hours((cell.minute, cell.end_minute) for cell in cells)
    groups = by_bucket(cells)
    order = [kind for kind in CLASS_RULES if kind in groups]
    days = [start + dt.timedelta(days=offset) for offset in range(7)]
    house = _by_day(groups.get(HOUSE_BUCKET, []))
    classes = []
    for bucket in order:
        own = _by_day(groups[bucket])
        rows = []
        for day in days:
            cells_of_day = (own.get(day, []), house.get(day, []))
            rows.append(_week_day(day, *cells_of_day, bookings[bucket, day], closed.get(day, "")))
        classes.append(WeekClass(bucket, bucket_title(bucket), rows))
    return Week(start, hours, classes)


def load_day_numbers(*, institution: Institution, day: dt.date) -> DayNumbers:
    """One line per piece of time, one column per class and for the house; one query."""
    groups = by_bucket(load_cells(institution, day, day))
    order = [kind for kind in [*CLASS_RULES, HOUSE_BUCKET] if kind in groups]
    starts = sorted({cell.starts_at for cells in groups.values() for cell in cells})
    index = {(bucket, cell.starts_at): cell for bucket, cells in groups.items() for cell in cells}
    lines = []
    for moment in starts:
        row = [index.get((bucket, moment)) for bucket in order]
        ends_at = next(cell.ends_at for cell in row if cell is not None)
        lines.append(HalfHour(moment, ends_at, row))
    return DayNumbers([bucket_title(bucket) for bucket in order], lines)


def _by_day(cells: Sequence[CellNumbers]) -> dict[dt.date, list[CellNumbers]]:
    found: dict[dt.date, list[CellNumbers]] = {}
    for cell in cells:
        found.setdefault(local_date(cell.starts_at), []).append(cell)
    return found


def _week_day(day: dt.date, cells: list[CellNumbers], house: list[CellNumbers], bookings: int, closed: str) -> WeekDay:
    over = max((span.over for span in over_spans([*cells, *house])), default=0)
    return WeekDay(day, day_cells(cells, house) if cells and not closed else None, bookings, over, closed)
