"""What ran out, and what a family may still call off."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking, BookingEvent
from booking.places.states import STATES, has_lapsed, lapsed, may_cancel, may_correct, undoable_mark
from tests.factories.booking import NOW, hold, open_house, toddler

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
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


def event(to_status: str, minute: int = 0, reason: str = "", times: dict | None = {}) -> BookingEvent:  # noqa: B006  # read
    return BookingEvent(to_status=to_status, at=NOW + minute * MINUTE, reason=reason, times=times)


@pytest.mark.parametrize("status", list(STATES))
@pytest.mark.parametrize("seconds", [599, 600, 601])
@pytest.mark.parametrize("reason", ["", "undo", "点错了"])
def test_marks_are_undone_for_ten_minutes(status: str, seconds: int, reason: str) -> None:
    marked = status in ("arrived", "completed", "absent")
    last = event(status, reason=reason)

    found = undoable_mark(booking(status), [last], now=NOW + seconds * SECOND)

    assert found is (last if marked and seconds <= 600 and not reason else None)


def test_mark_of_the_release_before_says_no_times_and_stays() -> None:
    assert undoable_mark(booking("arrived"), [event("arrived", times=None)], now=NOW) is None


def test_undone_mark_leaves_the_one_before_it() -> None:
    came, left, back = event("arrived"), event("completed", 5), event("arrived", 6, "undo")
    gone = event("confirmed", 7, "undo")

    assert undoable_mark(booking("arrived"), [came, left, back], now=NOW + 7 * MINUTE) is came
    assert undoable_mark(booking("arrived"), [came, left, back], now=NOW + 11 * MINUTE) is None
    assert undoable_mark(booking("confirmed"), [came, left, back, gone], now=NOW + 8 * MINUTE) is None
    assert undoable_mark(booking("confirmed"), [], now=NOW) is None


def test_what_was_corrected_is_not_taken_back() -> None:
    came, put_right, left = event("arrived"), event("arrived", 1, "点错了"), event("completed", 2)

    assert undoable_mark(booking("arrived"), [came, put_right], now=NOW + MINUTE) is None
    assert undoable_mark(booking("completed"), [came, put_right, left], now=NOW + 2 * MINUTE) is left
    undone = event("arrived", 3, "undo")
    assert undoable_mark(booking("arrived"), [came, put_right, left, undone], now=NOW + 3 * MINUTE) is None


def test_mark_that_led_elsewhere_is_not_undone() -> None:
    assert undoable_mark(booking("completed"), [event("arrived")], now=NOW) is None


@pytest.mark.parametrize("before", list(STATES))
@pytest.mark.parametrize("after", list(STATES))
def test_correction_leads_from_each_to_each_of_those_who_were_expected(before: str, after: str) -> None:
    expected = {"confirmed", "arrived", "completed", "absent"}

    assert may_correct(before, after) is (before in expected and after in expected)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "found"), [(-1, 0), (0, 1), (1, 1)])
def test_condition_says_the_same(seconds: int, found: int) -> None:
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)

    assert Booking.objects.filter(lapsed(held.expires_at + seconds * SECOND)).count() == found
