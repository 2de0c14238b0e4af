"""The week of places by class, and one day in numbers."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from booking.places.models import Booking
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.place_rules import shown_hours
from cms.core.calendar.times import local_date
from cms.core.display import wording
from cms.core.display.ribbon import render_ribbon
from cms.workbench.queries.cells import (
    CellNumbers,
    bucket_title,
    by_bucket,
    day_cells,
    load_cells,
    over_spans,
)
from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import ClosingDay, Institution

S = Booking.Status
COUNTED = (S.HELD, S.REQUESTED, S.CONFIRMED, S.ARRIVED, S.COMPLETED)


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One class on one day."""

    day: dt.date
    ribbon: SafeString | None
    least: int
    most: int
    bookings: int
    over: int
    closed: str

    @property
    def places(self) -> str:
        """「2–5 位」, 「已满」"""
        if not self.most:
            return _("已满")
        return _("%d 位") % self.most if self.least == self.most else f"{self.least}–{_('%d 位') % self.most}"


@dataclass(frozen=True, slots=True)
class WeekClass:
    """One class (or the house) through the week."""

    bucket: str
    title: str
    days: list[WeekDay]

    @property
    def is_house(self) -> bool:
        return self.bucket == HOUSE_BUCKET


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from ``start``."""

    start: dt.date
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

    @property
    def title(self) -> str:
        """「11月22日–28日」, with both months where they differ."""
        first = wording.day(self.start).split()[0]
        last = wording.day(self.end).split()[0]
        return f"{first}–{last if self.start.month != self.end.month else last.partition('月')[2]}"


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


def load_week(*, institution: Institution, start: dt.date) -> Week:
    """Places of the week by class, in three queries whatever the number of bookings."""
    end = start + dt.timedelta(days=6)
    cells = load_cells(institution, start, end)
    closed = dict(
        ClosingDay.objects.filter(institution_id=institution.pk, date__range=(start, end)).values_list("date", "reason")
    )
    counted = (
        Booking.objects.filter(institution_id=institution.pk, service_date__range=(start, end), status__in=COUNTED)
        .values_list("pool__bucket", "service_date")
        .annotate(number=Count("pk"))
    )
    bookings = Counter({(bucket, day): number for bucket, day, number in counted})
    # The same hours for all ribbons of the week, so that they line up.
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
            rows.append(_week_day(bucket, day, *cells_of_day, hours, bookings[bucket, day], closed.get(day, "")))
        classes.append(WeekClass(bucket, bucket_title(bucket), rows))
    return Week(start, classes)


def load_day_numbers(*, institution: Institution, day: dt.date) -> DayNumbers:
    """One line a piece of time, one column a class and the house; one query."""
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


def _week_day(
    bucket: str,
    day: dt.date,
    cells: list[CellNumbers],
    house: list[CellNumbers],
    hours: tuple[int, int],
    bookings: int,
    closed: str,
) -> WeekDay:
    places = day_cells(cells, house)
    over = max((span.over for span in over_spans([*cells, *house])), default=0)
    ribbon = None
    if cells and not closed:
        label = _("%(title)s%(day)s") % {"title": bucket_title(bucket), "day": wording.day(day)}
        ribbon = render_ribbon(
            label=label, remaining=places.remaining, opens=hours[0], closes=hours[1], step=places.step, scale=False
        )
    values = places.remaining.values()
    return WeekDay(day, ribbon, min(values, default=0), max(values, default=0), bookings, over, closed)
