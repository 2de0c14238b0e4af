from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cms.core.calendar.times import at
from directory.register import ports
from directory.register.ports import InstitutionPlaces, PricedPlaces
from directory.search.engine import SearchQuery
from directory.site.queries import finding
from directory.site.queries.finding import CareNeed, day_shown, find_institutions, with_free_places
from tests.factories.site import THURSDAY, WHOLE, make_found, make_hit, make_places

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "span"),
    [
        (None, None, None),
        (dt.time(14), None, None),
        (None, dt.time(17), None),
        (dt.time(14), dt.time(17), (840, 1020)),
        (dt.time(0), dt.time(0, 1), (0, 1)),
    ],
)
def test_span(starts: dt.time | None, ends: dt.time | None, span: tuple[int, int] | None) -> None:
    assert CareNeed(starts=starts, ends=ends).span == span


@pytest.mark.parametrize(
    ("need", "whole"),
    [
        (WHOLE, True),
        (CareNeed(age_months=0, day=THURSDAY, starts=dt.time(0), ends=dt.time(1)), True),
        (CareNeed(day=THURSDAY, starts=dt.time(14), ends=dt.time(17)), False),
        (CareNeed(age_months=17, starts=dt.time(14), ends=dt.time(17)), False),
        (CareNeed(age_months=17, day=THURSDAY, ends=dt.time(17)), False),
        (CareNeed(age_months=17, day=THURSDAY, starts=dt.time(14)), False),
    ],
)
def test_whole_need(need: CareNeed, whole: bool) -> None:
    assert need.is_whole is whole


class Booking:
    """Stands for booking: notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def institutions_with_places(self, **asked: Any) -> dict[int, int]:
        self.asked.append(asked)
        return {7: 2}

    def institutions_with_prices(self, **asked: Any) -> dict[int, PricedPlaces]:
        self.asked.append(asked)
        return {7: PricedPlaces(2, 5400), 8: PricedPlaces(1, 6000)}


def found(need: CareNeed, **question: Any) -> tuple[SearchQuery | None, list[dict[str, Any]]]:
    booking = Booking()
    with ports.free_places.replaced_by(booking):
        return with_free_places(SearchQuery(**question), need, now=NOW), booking.asked


SPAN = {
    "age_months": 17,
    "starts_at": at(THURSDAY, dt.time(14)),
    "ends_at": at(THURSDAY, dt.time(17)),
    "now": NOW,
}


@pytest.mark.parametrize("mode", ["", "full_day"])
def test_booking_is_asked_for_the_whole_time_in_the_asked_mode(mode: str) -> None:
    query, asked = found(WHOLE, q="园", mode=mode)

    assert query == SearchQuery(q="园", mode=mode, first={7: 2})
    assert asked == [SPAN | {"mode": mode}]


@pytest.mark.parametrize("mode", ["", "full_day"])
def test_by_price_booking_says_what_the_time_costs(mode: str) -> None:
    query, asked = found(WHOLE, sort="price", mode=mode)

    assert query == SearchQuery(sort="price", mode=mode, first={7: 2, 8: 1}, amounts={7: 5400, 8: 6000})
    assert asked == [SPAN | {"mode": mode}]


def test_booking_is_not_asked_for_half_a_need() -> None:
    assert found(CareNeed(age_months=17, day=THURSDAY), sort="price") == (None, [])


def test_without_booking_nobody_is_first() -> None:
    with ports.free_places.replaced_by(None):
        assert with_free_places(SearchQuery(), WHOLE, now=NOW) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at(dt.date(2026, 11, 26), dt.time(13, 59)), dt.date(2026, 11, 26)),
        (at(dt.date(2026, 11, 26), dt.time(14, 0)), dt.date(2026, 11, 27)),
        (at(dt.date(2026, 11, 27), dt.time(14, 0)), dt.date(2026, 11, 30)),
        (at(dt.date(2026, 11, 28), dt.time(8, 0)), dt.date(2026, 11, 30)),
    ],
)
def test_day_that_is_shown_for_want_of_a_question(moment: dt.datetime, day: dt.date) -> None:
    assert day_shown(moment) == day


class EveryDay(Booking):
    """Stands for booking: notes for which day and minutes places were read."""

    def on_day(self, **asked: Any) -> dict[int, InstitutionPlaces]:
        self.asked.append(asked)
        return {1: make_places()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("need", "day", "span", "free"),
    [
        (WHOLE, THURSDAY, (840, 1020), {7: 2}),
        (CareNeed(day=THURSDAY), THURSDAY, None, None),
        (CareNeed(), dt.date(2026, 11, 23), None, None),
        (CareNeed(age_months=17, starts=dt.time(14), ends=dt.time(17)), dt.date(2026, 11, 23), None, None),
    ],
)
def test_places_are_those_of_the_asked_day_else_of_one_that_is_shown(
    monkeypatch: pytest.MonkeyPatch, need: CareNeed, day: dt.date, span: Any, free: Any
) -> None:
    monkeypatch.setattr(finding, "search", lambda query: make_found(make_hit(1)).result)
    booking = EveryDay()

    with ports.free_places.replaced_by(booking):
        found = find_institutions(SearchQuery(), need, now=NOW)

    assert (found.day, found.free, found.places) == (day, free, {1: make_places()})
    read = booking.asked[-1]
    assert (read["day"], read["span"], read["age_months"]) == (day, span, need.age_months)
