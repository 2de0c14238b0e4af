from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cms.core.calendar.times import at
from directory.register import ports
from directory.register.ports import InstitutionPlaces
from directory.search.engine import SearchQuery
from directory.site.queries import finding
from directory.site.queries.finding import CareNeed, day_shown, find_institutions, free_places
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
    """Stands for booking: keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def institutions_with_places(self, **asked: Any) -> dict[int, int]:
        self.asked.append(asked)
        return {7: 2}


def test_booking_is_asked_for_the_whole_time() -> None:
    booking = Booking()

    with ports.free_places.replaced_by(booking):
        found = free_places(WHOLE, now=NOW)

    assert found == {7: 2}
    assert booking.asked == [
        {
            "age_months": 17,
            "starts_at": at(THURSDAY, dt.time(14)),
            "ends_at": at(THURSDAY, dt.time(17)),
            "now": NOW,
        }
    ]


def test_booking_is_not_asked_for_half_a_need() -> None:
    booking = Booking()

    with ports.free_places.replaced_by(booking):
        found = free_places(CareNeed(age_months=17, day=THURSDAY), now=NOW)

    assert (found, booking.asked) == (None, [])


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
