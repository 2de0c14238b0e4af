"""One day on the time page: its note and its ribbon."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.components.day import day_note, day_ribbon, why_no_time
from booking.flow.queries.stays import DayChoice
from booking.places.place_rules import DayCells

DAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("places", "problem", "note"),
    [(6, "", "6位"), (0, "age", "没有班"), (0, "full", "已满"), (0, "closed", "休"), (0, "too_late", "已截止")],
)
def test_note_says_how_many_or_why_none(places: int, problem: str, note: str) -> None:
    assert day_note(DayChoice(DAY, places, problem), stale=False) == note


def test_stale_places_are_noted_without_their_number() -> None:
    assert day_note(DayChoice(DAY, 6, ""), stale=True) == "可申请"
    assert day_note(DayChoice(DAY, 0, "full"), stale=True) == "已满"


@pytest.mark.parametrize(
    ("day", "problem", "words"),
    [
        (DAY - dt.timedelta(days=1), "outside_hours", "11月23日 周一 已经过了"),
        (DAY, "closed", "11月24日 周二 不开放"),
        (DAY, "outside_hours", "11月24日 周二 不开放"),
        (DAY, "full", "11月24日 周二 已满"),
        (DAY, "too_late", "11月24日 周二 已过最晚预约时间"),
        (DAY, "age", "11月24日 周二 没有适合宝宝月龄的班"),
        (dt.date(2026, 12, 17), "too_early", "12月17日 周四 还没开放，12月3日 周四起可约"),
    ],
)
def test_day_without_a_time_says_why(day: dt.date, problem: str, words: str) -> None:
    assert why_no_time(day, problem, today=DAY, opens_days_ahead=14) == words


def test_ribbon_covers_the_full_hours_of_the_day_and_outlines_the_stay() -> None:
    ribbon = day_ribbon(DAY, DayCells(60, {510: 3, 570: 0}), mine=(510, 570), stale=False)

    assert ribbon is not None
    assert ribbon.startswith('<ol class="ribbon" aria-label="11月24日 周二各时段空位">')


def test_ribbon_shows_what_is_over() -> None:
    ribbon = day_ribbon(DAY, DayCells(60, {540: 3, 600: 3}), mine=None, stale=False, gone=541)

    assert ribbon is not None
    assert '<li class="gone">9:00 已截止</li><li>10:00 有位</li>' in ribbon


def test_day_without_places_has_no_ribbon() -> None:
    assert day_ribbon(DAY, DayCells(30, {}), mine=None, stale=False) is None
