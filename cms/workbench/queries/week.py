"""The week of places by class, and one day in numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Count

from booking.places.models import Booking
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.place_rules import DayCells, open_span, shown_hours
from booking.places.queries.free_places import read_day
from cms.core.calendar.times import local_date
from cms.workbench.queries.cells import CellNumbers, bucket_title, by_bucket, load_cells, over_spans
from cms.workbench.queries.rows import shown_bookings
from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import ClosingDay, Institution


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One class on one day; ``places`` are those parents see, None where none are open (``closed``: why, if so).

    ``parts``: closings of some of its hours.
    """

    day: dt.date
    places: DayCells | None
    bookings: int
    over: int
    closed: str
    parts: list[ClosingDay] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WeekClass:
    """One class through the week."""

    bucket: str
    title: str
    days: list[WeekDay]


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from ``start``; ``hours``: minutes of the day from the first opening to the last closing of all.

    ``confirmed_at`` and ``stale`` say how fresh the places are.
    """

    start: dt.date
    hours: tuple[int, int]
    classes: list[WeekClass]
    confirmed_at: dt.datetime | None
    stale: bool

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
class PlacesOfCell:
    """A piece of time of a class or the house: ``free`` as parents see it, None where it is not open to them.

    ``taken``: places that are booked; ``held``: places that somebody is just booking, who has not confirmed yet.
    """

    free: int | None
    taken: int = 0
    over: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One line of a day's numbers, by class."""

    starts_at: dt.datetime
    cells: list[PlacesOfCell]


@dataclass(frozen=True, slots=True)
class DayNumbers:
    """A day by its cells."""

    titles: list[str]
    lines: list[HalfHour]


def load_week(*, institution: Institution, start: dt.date, now: dt.datetime) -> Week:
    """Places of the week by class, and how many bookings the days' lists show; six queries in all."""
    days = [start + dt.timedelta(days=offset) for offset in range(7)]
    places = read_day(institution=institution, day=start, days=len(days), now=now)
    groups = by_bucket(load_cells(institution, start, days[-1]))
    order = [kind for kind in CLASS_RULES if kind in groups]
    closings = list(ClosingDay.objects.filter(institution_id=institution.pk, date__in=days).order_by("from_minute"))
    closed = {(row.date, row.class_kind): row.reason for row in closings if row.is_whole_day}
    bookings = _count_bookings(institution, days, now)
    house = _by_day(groups.get(HOUSE_BUCKET, []))
    classes = []
    for bucket in order:
        own, rows = _by_day(groups[bucket]), []
        for day in days:
            cells = places.cells(day, bucket)
            over = _most_over([*own.get(day, []), *house.get(day, [])])
            shown = cells if cells.remaining else None
            reason = closed.get((day, ""), closed.get((day, bucket), ""))
            rows.append(WeekDay(day, shown, bookings[bucket, day], over, reason, _parts(closings, day, bucket)))
        classes.append(WeekClass(bucket, bucket_title(bucket), rows))
    # The same hours for all days, so that their ribbons line up.
    hours = shown_hours(span for kind in order for day in days for span in open_span(places.cells(day, kind)))
    return Week(start, hours, classes, places.confirmed_at, places.stale)


def _parts(closings: Sequence[ClosingDay], day: dt.date, bucket: str) -> list[ClosingDay]:
    """Closings of some hours of a class's day."""
    return [row for row in closings if row.date == day and row.class_kind in ("", bucket) and not row.is_whole_day]


def _count_bookings(
    institution: Institution, days: Sequence[dt.date], now: dt.datetime
) -> Counter[tuple[str, dt.date]]:
    shown = shown_bookings(institution, days[0], days[-1], now)
    counted = shown.values_list("pool__bucket", "service_date").annotate(number=Count("pk"))
    return Counter({(bucket, day): number for bucket, day, number in counted})


def load_day_numbers(*, institution: Institution, day: dt.date, now: dt.datetime) -> DayNumbers:
    """One line per piece of time, one column per class and for the house; five queries."""
    places = read_day(institution=institution, day=day, now=now)
    groups = by_bucket(load_cells(institution, day, day))
    order = [kind for kind in [*CLASS_RULES, HOUSE_BUCKET] if kind in groups]
    free = {bucket: places.cells(day, bucket).remaining for bucket in order}
    index = {(bucket, cell.starts_at): cell for bucket, cells in groups.items() for cell in cells}
    held = _held(institution, day)
    lines = []
    for moment in sorted({cell.starts_at for cells in groups.values() for cell in cells}):
        row = [_places_of(index.get((bucket, moment)), free[bucket], held) for bucket in order]
        if HOUSE_BUCKET in groups:
            row[-1] = _no_more_than(row[:-1], row[-1])
        lines.append(HalfHour(moment, row))
    return DayNumbers([bucket_title(bucket) for bucket in order], lines)


def _held(institution: Institution, day: dt.date) -> list[Booking]:
    """What is held on a day and not yet confirmed."""
    care = Booking.objects.filter(institution_id=institution.pk, kind=Booking.Kind.CARE, service_date=day)
    return list(care.filter(status=Booking.Status.HELD).select_related("pool"))


def _places_of(cell: CellNumbers | None, free: Mapping[int, int], held: Sequence[Booking]) -> PlacesOfCell:
    if cell is None:
        return PlacesOfCell(None)
    waiting = sum(
        cell.bucket in (HOUSE_BUCKET, hold.pool.bucket)
        and hold.starts_at < cell.ends_at
        and cell.starts_at < hold.ends_at
        for hold in held
    )
    return PlacesOfCell(free.get(cell.minute), cell.taken - waiting, cell.over, waiting)


def _no_more_than(classes: Sequence[PlacesOfCell], house: PlacesOfCell) -> PlacesOfCell:
    """The house as filed may have more places than its classes have caregivers for: nobody can book those."""
    if house.free is None:
        return house
    return replace(house, free=min(house.free, sum(each.free or 0 for each in classes)))


def _by_day(cells: Sequence[CellNumbers]) -> dict[dt.date, list[CellNumbers]]:
    found: dict[dt.date, list[CellNumbers]] = {}
    for cell in cells:
        found.setdefault(local_date(cell.starts_at), []).append(cell)
    return found


def _most_over(cells: list[CellNumbers]) -> int:
    return max((span.over for span in over_spans(cells)), default=0)
