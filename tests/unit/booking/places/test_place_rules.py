"""What is free and what of it can be booked, at the edges: before, at, after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from booking.places import place_rules, stay_rules
from booking.places.place_rules import DayCells, StayAnswer
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
    ends: dt.time = dt.time(12)
    block_minutes: int | None = None
    fee: int = 900


BLOCKS = Product("temporary", block_minutes=90)
MORNING = Product("half_day")
CELLS = DayCells(30, {480: 3, 510: 2, 540: 0, 570: 4, 630: 1})


def clock(text: str, day: dt.date = DAY) -> dt.datetime:
    return at(day, dt.time.fromisoformat(text))


@pytest.mark.parametrize(
    ("starts", "ends", "least"),
    [
        (480, 510, 3),
        (480, 540, 2),
        (510, 540, 2),
        (480, 570, 0),
        (540, 570, 0),
        (570, 600, 4),
        (570, 630, None),
        (570, 660, None),
        (630, 660, 1),
        (630, 690, None),
        (450, 510, None),
        (480, 525, None),
        (495, 555, None),
        (480, 480, None),
    ],
)
def test_a_stay_needs_every_cell(starts, ends, least):
    assert CELLS.least(starts, ends) == least


def test_free_ends_at_the_first_cell_without_a_place():
    assert CELLS.free_ends() == {480: 540, 510: 540, 570: 600, 630: 660}


@pytest.mark.parametrize(
    ("mode", "now", "first"),
    [
        ("hourly", clock("08:00"), 600),
        ("hourly", clock("08:00") - SECOND, 600),
        ("hourly", clock("08:00") + SECOND, 601),
        ("hourly", clock("07:59"), 599),
        ("temporary", clock("08:00"), 480),
        ("temporary", clock("08:00") + SECOND, 481),
        ("full_day", clock("08:00"), 600),
        ("hourly", clock("22:00", DAY - dt.timedelta(days=1)), 0),
        ("hourly", clock("22:01", DAY - dt.timedelta(days=1)), 1),
        ("hourly", clock("08:00", DAY - dt.timedelta(days=3)), 0),
    ],
)
def test_earliest_start_is_the_last_call_turned_round(mode, now, first):
    assert place_rules.earliest_start(Terms(), mode, DAY, now) == first
    midnight = at(DAY, dt.time.min)
    for minute in {max(first - 1, 0), first, first + 1}:
        starts_at = midnight + dt.timedelta(minutes=minute)
        assert (now <= stay_rules.last_call(Terms(), mode, starts_at)) == (minute >= first)


@pytest.mark.parametrize(("days", "early"), [(13, False), (14, False), (15, True)])
def test_opening_window(days, early):
    now = clock("23:59", DAY - dt.timedelta(days=days))

    assert place_rules.is_too_early(Terms(), DAY, now) is early
    assert (stay_rules.last_day(Terms(), now) < DAY) is early


@pytest.mark.parametrize(
    ("product", "terms", "stays"),
    [
        (MORNING, Terms(), [(480, 720)]),
        (Product("full_day", ends=dt.time(8, 30)), Terms(), [(480, 510)]),
        (BLOCKS, Terms(), [(480, 570), (570, 660)]),
        (Product("temporary", block_minutes=120), Terms(), [(480, 600), (600, 720)]),
        (Product("temporary", block_minutes=241), Terms(), []),
        (Product("temporary", block_minutes=240), Terms(), [(480, 720)]),
        (Product(ends=dt.time(10)), Terms(), [(480, 540), (510, 570), (540, 600)]),
        (Product(ends=dt.time(9)), Terms(), [(480, 540)]),
        (Product(ends=dt.time(8, 59)), Terms(), []),
        (Product(ends=dt.time(9)), Terms(raster_minutes=15, minimum_minutes=45), [(480, 525), (495, 540)]),
    ],
)
def test_shortest_stays(product, terms, stays):
    assert list(place_rules.shortest_stays(product, terms)) == stays
    for starts, ends in stays:
        moments = (at(DAY, dt.time.min) + dt.timedelta(minutes=minute) for minute in (starts, ends))
        assert stay_rules.stay_problem(product, terms, *moments, DAY) is None


@pytest.mark.parametrize(
    ("product", "asked", "stay"),
    [
        (Product(), (480, 720), (480, 720)),
        (Product(), (479, 720), None),
        (Product(), (480, 721), None),
        (Product(), (500, 505), (500, 505)),
        (Product(), (540, 540), None),
        (Product(), (540, 510), None),
        (MORNING, (480, 720), (480, 720)),
        (MORNING, (540, 600), (480, 720)),
        (MORNING, (540, 721), None),
        (BLOCKS, (480, 570), (480, 570)),
        (BLOCKS, (480, 571), (480, 660)),
        (BLOCKS, (569, 570), (480, 570)),
        (BLOCKS, (570, 571), (570, 660)),
        (BLOCKS, (569, 571), (480, 660)),
        (BLOCKS, (570, 660), (570, 660)),
        (BLOCKS, (570, 661), None),
        (BLOCKS, (661, 700), None),
    ],
)
def test_covering_stay(product, asked, stay):
    assert place_rules.covering_stay(product, *asked) == stay


@pytest.mark.parametrize(
    ("now", "day", "problem"),
    [
        (clock("07:00"), DAY, None),
        (clock("07:00") + SECOND, DAY, "too_late"),
        (clock("07:00"), DAY + dt.timedelta(days=14), None),
        (clock("07:00"), DAY + dt.timedelta(days=15), "too_early"),
    ],
)
def test_notice_is_that_of_the_stay_rules(now, day, problem):
    assert place_rules.problem_of_notice(Terms(), "hourly", day, now, 540) == problem
    assert stay_rules.notice_problem(Terms(), "hourly", at(day, dt.time(9)), now) == problem


@pytest.mark.parametrize(("free", "problem"), [(None, "outside_hours"), (0, "full"), (1, "")])
def test_places_speak_after_the_rules(free, problem):
    assert DayCells(30, {}).problem(480, 540, free) == problem


@pytest.mark.parametrize(
    ("starts", "ends", "closed"),
    [(600, 720, False), (690, 721, True), (720, 780, True), (780, 840, True), (839, 900, True), (840, 900, False)],
)
def test_stay_that_touches_a_closing_is_closed(starts, ends, closed):
    cells = DayCells(30, {}, closed=((0, 1), (720, 840)))

    assert cells.problem(starts, ends, 3) == ("closed" if closed else "")


def test_the_most_places_win_and_else_the_problem_nearest_to_a_place():
    def told(*answers: StayAnswer) -> tuple[int, str]:
        found = place_rules.most_telling(answers)
        return found.remaining, found.problem

    words = ["full", "too_late", "too_early", "closed", "too_short", "bad_step", "outside_hours", "age", "product"]
    for number, word in enumerate(words):
        assert told(*(StayAnswer(0, each) for each in reversed(words[number:]))) == (0, word)
    assert told(StayAnswer(0, "full"), StayAnswer(1, ""), StayAnswer(3, ""), StayAnswer(2, "")) == (3, "")
    assert told() == (0, "product")


def test_of_equal_answers_the_first_stands():
    first, second = StayAnswer(2, "", Product(fee=1)), StayAnswer(2, "", Product(fee=2))

    assert place_rules.most_telling([first, second]) is first


@pytest.mark.parametrize(
    ("spans", "hours"),
    [
        ([], (480, 1080)),
        ([(540, 600)], (540, 600)),
        ([(539, 601)], (480, 660)),
        ([(600, 660), (450, 500), (500, 1021)], (420, 1080)),
        ([(0, 1440)], (0, 1440)),
    ],
)
def test_shown_hours_are_full_hours(spans, hours):
    assert place_rules.shown_hours(spans) == hours


def test_open_span_reaches_to_the_end_of_the_last_cell():
    assert place_rules.open_span(CELLS) == [(480, 660)]
    assert place_rules.open_span(DayCells(30, {})) == []
