"""What ran out, and what a family may still call off."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking, BookingEvent
from booking.places.states import STATES, has_lapsed, lapsed, may_cancel, may_undo
from tests.factories.booking import NOW, hold, open_house, toddler

SECOND = dt.timedelta(seconds=1)
STARTS = NOW + dt.timedelta(hours=1)


def booking(status: str, **fields) -> Booking:
    return Booking(status=status, starts_at=STARTS, **fields)


@pytest.mark.parametrize("status", list(STATES))
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_family_calls_off_before_the_start_and_what_waits_at_any_time(status: str, seconds: int) -> None:
    waits = status in ("held", "requested")
    before = status == "confirmed" and seconds < 0

    assert may_cancel(booking(status), now=STARTS + seconds * SECOND) is (waits or before)


@pytest.mark.parametrize("status", list(STATES))
@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_only_what_waits_runs_out_at_its_moment(status: str, seconds: int) -> None:
    found = booking(status, expires_at=NOW)

    assert has_lapsed(found, now=NOW + seconds * SECOND) is (status in ("held", "requested") and seconds >= 0)


def test_without_a_deadline_nothing_runs_out() -> None:
    assert has_lapsed(booking("held", expires_at=None), now=NOW) is False


@pytest.mark.parametrize("status", list(STATES))
@pytest.mark.parametrize("seconds", [599, 600, 601])
@pytest.mark.parametrize("reason", ["", "undo"])
def test_marks_are_undone_once_for_ten_minutes(status: str, seconds: int, reason: str) -> None:
    marked = status in ("arrived", "completed", "absent")
    last = BookingEvent(at=NOW, reason=reason)

    allowed = may_undo(booking(status), last, now=NOW + seconds * SECOND)

    assert allowed is (marked and seconds <= 600 and not reason)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "found"), [(-1, 0), (0, 1), (1, 1)])
def test_condition_says_the_same(seconds: int, found: int) -> None:
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)

    assert Booking.objects.filter(lapsed(held.expires_at + seconds * SECOND)).count() == found
