"""The week in numbers: which cells, which bookings, and how a day is said."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking
from cms.core.calendar.times import at
from cms.workbench.queries.cells import CellNumbers, OverSpan, load_cells, over_spans
from cms.workbench.queries.week import Week, load_day_numbers, load_week
from directory.register.models import ClosingDay
from tests.factories.booking import NOW, TODAY, booked, full_house, open_house, toddler
from tests.factories.capacity import BookingFactory, CapacityCellFactory, CapacityPoolFactory

S = Booking.Status
HOUR = dt.timedelta(hours=1)


def cell(hour: float, target: int, taken: int, bucket: str = "toddler", minutes: int = 60) -> CellNumbers:
    start = at(TODAY, dt.time.min) + dt.timedelta(hours=hour)
    return CellNumbers(bucket, start, start + dt.timedelta(minutes=minutes), target, taken)


@pytest.mark.parametrize(("target", "taken", "over"), [(2, 1, 0), (2, 2, 0), (2, 3, 1), (0, 0, 0)])
def test_cell_is_over(target: int, taken: int, over: int) -> None:
    assert cell(9, target, taken).over == over


@pytest.mark.parametrize(("hour", "minute"), [(9.5, 570), (23.5, 1410), (0, 0)])
def test_minute_of_a_cell(hour: float, minute: int) -> None:
    assert cell(hour, 1, 0).minute == minute


@pytest.mark.parametrize(("hour", "told"), [(9, True), (9.5, True), (10, False), (11, False)])
def test_what_is_over_is_told_until_its_end(hour: float, told: bool) -> None:
    since = at(TODAY, dt.time.min) + dt.timedelta(hours=hour)

    spans = over_spans([cell(9, 1, 2)], since=since)

    assert spans == ([OverSpan("toddler", cell(9, 1, 2).starts_at, cell(9, 1, 2).ends_at, 1)] if told else [])


def test_spans_stand_by_time_and_keep_their_worst() -> None:
    cells = [cell(9, 1, 2), cell(10, 1, 4), cell(12, 1, 2), cell(9, 0, 1, "infant"), cell(12, 1, 3, "all")]

    assert [(span.bucket, span.starts_at.hour, span.over, span.date) for span in over_spans(cells)] == [
        ("infant", cell(9, 1, 1).starts_at.hour, 1, TODAY),
        ("toddler", cell(9, 1, 1).starts_at.hour, 3, TODAY),
        ("toddler", cell(12, 1, 1).starts_at.hour, 1, TODAY),
    ]


@pytest.mark.django_db
def test_cells_are_those_of_care_on_the_days_asked_for() -> None:
    pool = CapacityPoolFactory()
    sessions = CapacityPoolFactory(institution=pool.institution, kind="session", bucket="all", raster_minutes=0)
    first, last = at(TODAY, dt.time.min), at(TODAY + dt.timedelta(days=2), dt.time.min)
    for start in (first - HOUR, last, last - HOUR, first):
        CapacityCellFactory(pool=pool, starts_at=start, ends_at=start + HOUR)
    CapacityCellFactory(pool=sessions, starts_at=first, ends_at=first + HOUR)
    CapacityCellFactory(starts_at=first, ends_at=first + HOUR)

    found = load_cells(pool.institution, TODAY, TODAY + dt.timedelta(days=1))

    assert [each.starts_at for each in found] == [first, last - HOUR]
    assert found[0] == CellNumbers("toddler", first, first + HOUR, 2, 0)


def test_weeks_follow_each_other() -> None:
    week = Week(TODAY, (480, 1080), [], None, stale=True)

    assert [(day - TODAY).days for day in (week.previous, week.end, week.following)] == [-7, 6, 7]


@pytest.mark.django_db
def test_week_of_a_full_house() -> None:
    house = full_house(days=7)
    user, child = toddler()
    booked(house, user=user, child=child)
    ClosingDay.objects.create(
        institution=house.institution, date=TODAY + dt.timedelta(days=2), reason="消毒", created_at=NOW
    )
    ClosingDay.objects.create(institution=house.other.institution, date=TODAY, reason="别家", created_at=NOW)

    week = load_week(institution=house.institution, start=TODAY, now=NOW)

    assert [(each.bucket, each.title) for each in week.classes] == [
        ("infant", "乳儿班"),
        ("toddler", "托小班"),
        ("mixed", "混合编班"),
    ]
    assert week.hours == (480, 1080)
    days = week.classes[1].days
    assert [day.day for day in days] == [TODAY + dt.timedelta(days=number) for number in range(7)]
    assert [(day.bookings, day.over) for day in days[:2]] == [(0, 0), (1, 0)]
    assert [set(day.places.remaining.values()) for day in days[:2] if day.places] == [{6, 9}, {6, 8, 9}]
    assert [(day.closed, day.places is None) for day in days[:4]] == [
        ("", False),
        ("", False),
        ("消毒", True),
        ("", False),
    ]


@pytest.mark.django_db
def test_week_counts_whom_the_lists_of_its_days_show() -> None:
    house = open_house(days=7)
    here = {"pool": house.institution.capacity_pools.get(bucket="toddler"), "product": house.products["full_day"]}
    for status in S.values:
        waits = status in (S.HELD, S.REQUESTED)
        BookingFactory(**here, status=status, expires_at=NOW + HOUR if waits else None)
    for days in (-1, 6, 7):
        BookingFactory(**here, service_date=TODAY + dt.timedelta(days=days))
    BookingFactory()

    (own,) = load_week(institution=house.institution, start=TODAY, now=NOW).classes

    assert [day.bookings for day in own.days] == [5, 0, 0, 0, 0, 0, 1]


@pytest.mark.django_db
def test_numbers_of_a_day_by_class_and_house() -> None:
    house = full_house(days=1)

    numbers = load_day_numbers(institution=house.institution, day=TODAY, now=NOW)

    assert numbers.titles == ["乳儿班", "托小班", "混合编班", "全园"]
    first, last = numbers.lines[0], numbers.lines[-1]
    assert (first.starts_at, last.starts_at) == (NOW, at(TODAY, dt.time(17, 30)))
    assert [(each.free, each.taken, each.over) for each in first.cells] == [(3, 0, 0), (6, 0, 0), (4, 0, 0), (13, 0, 0)]
    assert len(numbers.lines) == 20


@pytest.mark.django_db
@pytest.mark.parametrize(("filed", "whole"), [(60, 16), (23, 16), (22, 15), (12, 5)])
def test_house_has_no_more_free_than_its_classes_together_nor_than_is_filed(filed: int, whole: int) -> None:
    """Seven places are regular children's; at nine the classes have 3, 9 and 4 free."""
    house = full_house(days=1, places=filed)

    numbers = load_day_numbers(institution=house.institution, day=TODAY, now=NOW)

    nine = next(line for line in numbers.lines if line.starts_at == at(TODAY, dt.time(9)))
    assert nine.cells[-1].free == whole
