"""The rules of a stay at their edges: before, at, after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from booking.places import stay_rules
from booking.places.stay_rules import StayProblem
from cms.core.calendar.times import at

DAY = dt.date(2026, 11, 24)
SECOND = dt.timedelta(seconds=1)


@dataclass
class Terms:
    raster_minutes: int = 30
    opens_days_ahead: int = 14
    cutoff_minutes: int = 120
    temporary_cutoff_minutes: int = 0
    minimum_minutes: int = 60
    step_minutes: int = 30
    free_cancel_days_before: int = 1
    free_cancel_clock: dt.time = dt.time(14)


@dataclass
class Product:
    mode: str = "hourly"
    starts: dt.time = dt.time(8)
    ends: dt.time = dt.time(18)
    block_minutes: int | None = None
    fee: int = 900


TEMPORARY = Product("temporary", dt.time(8), dt.time(18), 120, 3000)
FULL_DAY = Product("full_day", fee=8000)


def clock(text: str) -> dt.datetime:
    return at(DAY, dt.time.fromisoformat(text))


@pytest.mark.parametrize(
    ("takes_bookings", "closed", "problem"),
    [(True, False, None), (True, True, "closed"), (False, False, "closed"), (False, True, "closed")],
)
def test_standing(takes_bookings, closed, problem):
    assert stay_rules.standing_problem(takes_bookings=takes_bookings, closed=closed) == problem


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("09:00", "08:59", "outside_hours"),
        ("09:00", "09:00", "outside_hours"),
        ("09:00", "09:01", None),
        ("09:00:01", "10:00", "bad_step"),
        ("09:00", "10:00:01", "bad_step"),
        ("09:00:00.000001", "10:00", "bad_step"),
        ("09:00", "10:00:00.000001", "bad_step"),
        ("23:00", "23:59", None),
    ],
)
def test_span(starts, ends, problem):
    assert stay_rules.span_problem(clock(starts), clock(ends)) == problem


def test_span_over_midnight_is_outside_hours():
    midnight = at(DAY + dt.timedelta(days=1), dt.time(0))

    assert stay_rules.span_problem(clock("22:00"), midnight) == StayProblem.OUTSIDE_HOURS


@pytest.mark.parametrize(
    ("kinds", "months", "bucket"),
    [
        ({"infant", "toddler"}, 5, None),
        ({"infant", "toddler"}, 6, "infant"),
        ({"infant", "toddler"}, 11, "infant"),
        ({"infant", "toddler"}, 12, "toddler"),
        ({"toddler", "mixed"}, 17, "toddler"),
        ({"toddler", "mixed"}, 23, "toddler"),
        ({"toddler", "mixed"}, 24, "mixed"),
        ({"mixed"}, 17, None),
        ({"mixed"}, 18, "mixed"),
        ({"mixed"}, 35, "mixed"),
        ({"mixed", "senior_toddler"}, 35, "senior_toddler"),
        ({"mixed", "senior_toddler"}, 36, None),
    ],
)
def test_bucket_by_age(kinds, months, bucket):
    assert stay_rules.bucket_for(kinds, months) == bucket


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("07:30", "09:00", "outside_hours"),
        ("08:00", "09:00", None),
        ("17:00", "18:00", None),
        ("17:00", "18:30", "outside_hours"),
        ("09:00", "09:30", "too_short"),
        ("09:00", "10:00", None),
        ("09:00", "10:29", "bad_step"),
        ("09:00", "10:30", None),
        ("09:00", "10:31", "bad_step"),
        ("09:15", "10:15", "bad_step"),
        ("09:30", "10:30", None),
    ],
)
def test_hourly_stay(starts, ends, problem):
    assert stay_rules.stay_problem(Product(), Terms(), clock(starts), clock(ends), DAY) == problem


@pytest.mark.parametrize(
    ("stay", "problem"),
    [((540, 600), None), ((540, 570), "too_short"), ((540, 615), "bad_step"), ((660, 750), "outside_hours")],
)
def test_minutes_that_are_no_stay(stay, problem):
    product = Product(ends=dt.time(12))

    assert stay_rules.problem_of_minutes(product, Terms(), *stay) == problem


def test_steps_count_from_the_minimum():
    terms = Terms(minimum_minutes=90, step_minutes=60)
    stays = {end: stay_rules.stay_problem(Product(), terms, clock("09:00"), clock(end), DAY) for end in ENDS}

    assert stays == {"10:00": "too_short", "10:30": None, "11:00": "bad_step", "11:30": None}


ENDS = ("10:00", "10:30", "11:00", "11:30")


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("08:00", "10:00", None),
        ("10:00", "12:00", None),
        ("08:00", "12:00", None),
        ("16:00", "18:00", None),
        ("09:00", "11:00", "outside_hours"),
        ("08:00", "11:00", "outside_hours"),
        ("18:00", "20:00", "outside_hours"),
    ],
)
def test_temporary_stay_is_whole_blocks_from_the_opening(starts, ends, problem):
    assert stay_rules.stay_problem(TEMPORARY, Terms(), clock(starts), clock(ends), DAY) == problem


def test_temporary_stay_without_blocks_counts_by_the_minute():
    product = Product("temporary")

    assert stay_rules.stay_problem(product, Terms(), clock("08:01"), clock("08:02"), DAY) is None


@pytest.mark.parametrize(
    ("starts", "ends", "problem"),
    [
        ("08:00", "18:00", None),
        ("08:00", "17:30", "outside_hours"),
        ("08:30", "18:00", "outside_hours"),
    ],
)
def test_fixed_stay_is_the_whole_window(starts, ends, problem):
    assert stay_rules.stay_problem(FULL_DAY, Terms(), clock(starts), clock(ends), DAY) == problem


@pytest.mark.parametrize(
    ("mode", "now", "problem"),
    [
        ("hourly", clock("12:00") - SECOND, None),
        ("hourly", clock("12:00"), None),
        ("hourly", clock("12:00") + SECOND, "too_late"),
        ("temporary", clock("14:00"), None),
        ("temporary", clock("14:00") + SECOND, "too_late"),
        ("full_day", clock("12:00") + SECOND, "too_late"),
        ("hourly", at(DAY - dt.timedelta(days=15), dt.time(23, 59)), "too_early"),
        ("hourly", at(DAY - dt.timedelta(days=14), dt.time(0)), None),
    ],
)
def test_cut_off_and_opening_window(mode, now, problem):
    assert stay_rules.notice_problem(Terms(), mode, clock("14:00"), now) == problem


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(DAY - dt.timedelta(days=3), dt.time(8)), at(DAY - dt.timedelta(days=2), dt.time(8))),
        (at(DAY - dt.timedelta(days=1), dt.time(11, 59)), at(DAY, dt.time(11, 59))),
        (at(DAY - dt.timedelta(days=1), dt.time(12, 1)), clock("12:00")),
        (clock("12:00") - SECOND, clock("12:00")),
        (clock("12:00"), clock("14:00")),
        (clock("13:00"), clock("14:00")),
        (clock("14:00"), clock("14:00")),
    ],
)
def test_request_waits_a_day_or_to_the_last_call_or_the_start(now, until):
    assert stay_rules.answer_until(Terms(), "hourly", clock("14:00"), now) == until


@pytest.mark.parametrize(("days", "moment"), [(0, at(DAY, dt.time(14))), (2, at(dt.date(2026, 11, 22), dt.time(14)))])
def test_cancelling_is_free_until_a_clock_of_some_days_before(days, moment):
    assert stay_rules.free_cancel_until(Terms(free_cancel_days_before=days), DAY) == moment


@pytest.mark.parametrize(
    ("product", "starts", "ends", "fen"),
    [
        (Product(), "09:00", "10:00", 1800),
        (Product(), "09:00", "10:01", 2700),
        (TEMPORARY, "08:00", "10:00", 3000),
        (TEMPORARY, "08:00", "12:00", 6000),
        (Product("temporary", fee=3000), "08:00", "12:00", 3000),
        (FULL_DAY, "08:00", "18:00", 8000),
    ],
)
def test_price(product, starts, ends, fen):
    assert stay_rules.price(product, Terms(), clock(starts), clock(ends)) == fen


@pytest.mark.parametrize(
    ("starts", "ends", "slots"),
    [
        ("09:00", "09:15", ["09:00"]),
        ("09:00", "09:16", ["09:00", "09:15"]),
        ("09:10", "09:15", ["09:00"]),
        ("09:14:59", "09:30", ["09:00", "09:15"]),
        ("09:15", "09:45", ["09:15", "09:30"]),
    ],
)
def test_quarters_that_a_stay_touches(starts, ends, slots):
    assert stay_rules.slots_between(clock(starts), clock(ends)) == [clock(slot) for slot in slots]
