"""The workbench shows the places that parents see: on the board, in the week and in a day's numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.place_rules import DayCells
from booking.places.queries.provider import BookingAvailability
from cms.core.calendar.times import local
from cms.workbench.queries.today import load_board
from cms.workbench.queries.week import load_day_numbers, load_week
from directory.register.models import ClosingDay, Institution
from directory.register.ports import DayPlaces
from tests.factories.booking import NOW, TODAY, House, full_house, hold, open_house, toddler

pytestmark = pytest.mark.django_db
#: A hold lasts a quarter of an hour; at its end it ran out.
BEFORE, AT, AFTER = (NOW + dt.timedelta(minutes=15, seconds=seconds) for seconds in (-1, 0, 1))


def of_parents(house: House, now: dt.datetime, day: dt.date = TODAY) -> DayPlaces:
    pk = house.institution.pk
    found = BookingAvailability().on_day(institution_ids=[pk], age_months=17, day=day, span=None, now=now)
    return found[pk].day


def of_board(house: House, now: dt.datetime) -> DayCells:
    board = load_board(institution=house.institution, day=TODAY, now=now)
    return next(each.places for each in board.classes if each.bucket == "toddler")


def of_week(house: House, now: dt.datetime) -> DayCells | None:
    week = load_week(institution=house.institution, start=TODAY, now=now)
    return next(each.days[0].places for each in week.classes if each.bucket == "toddler")


def of_day(house: House, now: dt.datetime, title: str = "托小班") -> dict[int, int | None]:
    numbers = load_day_numbers(institution=house.institution, day=TODAY, now=now)
    column = numbers.titles.index(title)
    moments = [local(line.starts_at) for line in numbers.lines]
    return {
        moment.hour * 60 + moment.minute: line.cells[column].free
        for moment, line in zip(moments, numbers.lines, strict=True)
    }


@pytest.mark.parametrize(("now", "free"), [(BEFORE, 5), (AT, 6), (AFTER, 6)])
def test_what_ran_out_is_free_everywhere(now: dt.datetime, free: int) -> None:
    house = open_house()
    user, child = toddler()
    hold(house, user=user, child=child, day=TODAY)

    parents = of_parents(house, now).remaining

    assert (parents[840], of_day(house, now, "全园")[840]) == (free, free)
    assert of_board(house, now).remaining == parents
    assert of_week(house, now) == DayCells(30, parents)
    assert of_day(house, now) == parents


@pytest.mark.parametrize("filed", [60, 12])
def test_the_house_counts_everywhere(filed: int) -> None:
    house = full_house(places=filed)

    parents = of_parents(house, NOW).remaining

    assert set(parents.values()) == ({6, 9} if filed == 60 else {5, 6})
    assert (of_board(house, NOW).remaining, of_day(house, NOW)) == (parents, parents)
    assert of_week(house, NOW) == DayCells(30, parents)


def test_a_closing_day_is_closed_everywhere_though_its_cells_are_not_made_anew() -> None:
    house = open_house()
    ClosingDay.objects.create(institution=house.institution, date=TODAY, reason="消毒", created_at=NOW)

    assert dict(of_parents(house, NOW).remaining) == {}
    assert dict(of_board(house, NOW).remaining) == {}
    assert of_week(house, NOW) is None
    assert set(of_day(house, NOW).values()) == {None}


def test_nothing_is_open_while_no_bookings_are_taken() -> None:
    house = open_house()
    Institution.objects.filter(pk=house.institution.pk).update(state=Institution.State.RECTIFICATION)

    assert dict(of_board(house, NOW).remaining) == {}
    assert of_week(house, NOW) is None
    assert set(of_day(house, NOW, "全园").values()) == {None}


def test_hours_are_those_of_the_places_that_parents_see() -> None:
    house = full_house(days=0)
    pools = house.institution.capacity_pools
    first, last = NOW + dt.timedelta(hours=2), NOW + dt.timedelta(hours=8, minutes=30)
    for pool in pools.exclude(bucket="toddler"):
        pool.cells.exclude(starts_at__gte=first, starts_at__lt=last).delete()

    week = load_week(institution=house.institution, start=TODAY, now=NOW)

    assert week.hours == (600, 1020)
    assert (week.confirmed_at, week.stale) == (NOW, False)


@pytest.mark.parametrize("classes", ["one", "three"])
def test_each_page_reads_the_places_once(classes: str, django_assert_num_queries) -> None:
    house = open_house() if classes == "one" else full_house()

    with django_assert_num_queries(6):
        load_week(institution=house.institution, start=TODAY, now=NOW)
    with django_assert_num_queries(5):
        load_day_numbers(institution=house.institution, day=TODAY, now=NOW)
