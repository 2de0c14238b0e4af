"""Numbers of cells, and the steps of the setup."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking
from cms.core.calendar.times import at
from cms.workbench.queries.cells import CellNumbers, OverSpan, over_spans
from cms.workbench.queries.rows import day_rows
from cms.workbench.queries.setup import next_step, setup_steps
from cms.workbench.queries.week import load_week
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, open_house, toddler, tomorrow
from tests.factories.directory import InstitutionFactory


def cell(bucket: str, hour: int, target: int, taken: int) -> CellNumbers:
    return CellNumbers(bucket, at(TODAY, dt.time(hour)), at(TODAY, dt.time(hour + 1)), target, taken)


def test_neighbouring_cells_over_are_one_span() -> None:
    cells = [cell("toddler", 9, 2, 3), cell("toddler", 10, 2, 4), cell("toddler", 11, 2, 2), cell("toddler", 12, 2, 3)]

    assert over_spans(cells) == [
        OverSpan("toddler", at(TODAY, dt.time(9)), at(TODAY, dt.time(11)), 2),
        OverSpan("toddler", at(TODAY, dt.time(12)), at(TODAY, dt.time(13)), 1),
    ]


def test_house_is_named_only_where_no_class_is_over() -> None:
    cells = [cell("toddler", 9, 2, 3), cell("all", 9, 2, 3), cell("all", 10, 2, 3)]

    assert [(span.bucket, span.title) for span in over_spans(cells)] == [("toddler", "托小班"), ("all", "全园")]


def test_what_is_over_and_past_is_not_told() -> None:
    assert over_spans([cell("toddler", 9, 2, 3)], since=at(TODAY, dt.time(10))) == []


MOMENT = tomorrow("08:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "expires_in", "number"),
    [
        ("held", 60, 0),
        ("held", -60, 0),
        ("requested", 1, 1),
        ("requested", 0, 0),
        ("requested", -1, 0),
        ("confirmed", None, 1),
        ("arrived", None, 1),
        ("completed", None, 1),
        ("absent", None, 1),
        ("cancelled", None, 0),
    ],
)
def test_week_counts_what_the_days_list_shows(status: str, expires_in: int | None, number: int) -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    expires_at = None if expires_in is None else MOMENT + dt.timedelta(seconds=expires_in)
    Booking.objects.filter(pk=booking.pk).update(status=status, expires_at=expires_at)

    week = load_week(institution=house.institution, start=TOMORROW, now=MOMENT)

    (toddlers,) = [row for row in week.classes if row.bucket == "toddler"]
    assert [day.bookings for day in toddlers.days] == [number, 0, 0, 0, 0, 0, 0]
    assert len(day_rows(house.institution, TOMORROW, MOMENT)) == number


@pytest.mark.django_db
def test_setup_of_nothing_begins_with_classes() -> None:
    steps = setup_steps(InstitutionFactory(public=True))

    assert [step.done for step in steps] == [False] * 5
    assert [step.name for step in steps] == ["classes", "hours", "regular", "products", "policy"]


@pytest.mark.django_db
def test_setup_is_done_once_parents_can_book() -> None:
    house = open_house(policy={"opens_days_ahead": 7}, now=NOW)

    assert next_step(house.institution) is None


@pytest.mark.django_db
def test_setup_waits_for_a_free_place() -> None:
    house = open_house(regular_places=10, policy={"opens_days_ahead": 7}, now=NOW)

    step = next_step(house.institution)

    assert step is not None
    assert step.name == "regular"
