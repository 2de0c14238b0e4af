from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from cms.core.calendar.times import at
from directory.register import ports
from directory.site.queries.finding import CareNeed, free_places
from tests.factories.site import THURSDAY, WHOLE

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
