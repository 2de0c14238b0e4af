from __future__ import annotations

import datetime as dt

import pytest

from cms.core.display import wording

TODAY = dt.date(2026, 11, 22)


def test_day_has_month_day_and_weekday():
    assert wording.day(dt.date(2026, 11, 26)) == "11月26日 周四"


def test_day_of_a_moment_is_the_day_on_the_wall_clock():
    assert wording.day(dt.datetime(2026, 11, 25, 16, 30, tzinfo=dt.UTC)) == "11月26日 周四"


def test_period_has_no_leading_nought():
    assert wording.period(dt.time(8, 30), dt.time(17)) == "8:30–17:00"


def test_clock_of_a_moment_is_the_wall_clock():
    assert wording.clock(dt.datetime(2026, 11, 22, 2, 32, tzinfo=dt.UTC)) == "10:32"


@pytest.mark.parametrize(("fen", "words"), [(5400, "54 元"), (168000, "1,680 元"), (1850, "18.50 元"), (0, "0 元")])
def test_yuan(fen, words):
    assert wording.yuan(fen) == words


@pytest.mark.parametrize(("distance", "words"), [(0.62, "0.6 公里"), (0.65, "0.7 公里"), (0.03, "不到 0.1 公里")])
def test_kilometres(distance, words):
    assert wording.kilometres(distance) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 21), "昨天"),
        (dt.date(2026, 11, 22), "今天"),
        (dt.date(2026, 11, 23), "明天"),
        (dt.date(2026, 11, 26), "11月26日 周四"),
        (dt.date(2027, 1, 4), "2027年1月4日"),
    ],
)
def test_near_day(day, words):
    assert wording.near_day(day, TODAY) == words


def test_as_of_names_day_and_time():
    assert wording.as_of(dt.datetime(2026, 11, 22, 2, 32, tzinfo=dt.UTC), TODAY) == "截至今天 10:32"


def test_months_and_month():
    assert (wording.months(17), wording.month(dt.date(2027, 6, 3))) == ("17 个月", "2027年6月")


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0, "不到 0.1 公里"),
        (0.0499, "不到 0.1 公里"),
        (0.05, "0.1 公里"),
        (0.1, "0.1 公里"),
        (0.149, "0.1 公里"),
        (0.15, "0.2 公里"),
        (12, "12.0 公里"),
    ],
)
def test_kilometres_begin_at_fifty_metres_and_round_half_up(distance, words):
    assert wording.kilometres(distance) == words


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1, "0.01 元"),
        (99, "0.99 元"),
        (100, "1 元"),
        (-1, "-0.01 元"),
        (0, "0 元"),
        (-1850, "-18.50 元"),
        (-100, "-1 元"),
        (100000000, "1,000,000 元"),
    ],
)
def test_yuan_at_its_edges(fen, words):
    assert wording.yuan(fen) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 12, 30), "昨天"),
        (dt.date(2027, 1, 2), "2027年1月2日"),
        (dt.date(2026, 12, 31), "今天"),
        (dt.date(2027, 1, 1), "明天"),
        (dt.date(2026, 12, 29), "12月29日 周二"),
    ],
)
def test_near_day_around_new_year(day, words):
    today = dt.date(2026, 12, 31)

    assert wording.near_day(day, today) == words


@pytest.mark.parametrize(("minute", "words"), [(0, "8:00"), (5, "8:05"), (59, "8:59")])
def test_clock_writes_two_digits_of_minutes(minute, words):
    assert wording.clock(dt.time(8, minute)) == words


def test_naive_moment_is_taken_as_it_stands():
    moment = dt.datetime(2026, 11, 26, 23, 30)  # noqa: DTZ001  # without a zone on purpose

    assert (wording.clock(moment), wording.day(moment)) == ("23:30", "11月26日 周四")


@pytest.mark.parametrize(("day", "name"), [(23, "周一"), (24, "周二"), (28, "周六"), (29, "周日")])
def test_weekday_names_the_day(day, name):
    assert wording.weekday(dt.date(2026, 11, day)) == name


def test_moments_are_shown_on_the_wall_clock():
    moment = dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC)

    assert wording.full_date(moment) == "2027年1月1日"
    assert wording.month(moment) == "2027年1月"
    assert wording.local_day(moment) == dt.date(2027, 1, 1)
    assert wording.period(moment, moment + dt.timedelta(hours=9)) == "0:30–9:30"


@pytest.mark.parametrize(
    ("minutes", "words"), [(42, "42 分钟"), (60, "1 小时"), (61, "1 小时 1 分钟"), (125, "2 小时 5 分钟")]
)
def test_hours_and_minutes_are_exact(minutes: int, words: str) -> None:
    assert wording.hours_and_minutes(minutes) == words


def test_whole_moment_reads_iso_and_nothing():
    assert wording.whole_moment("2026-11-26T14:05+08:00") == "2026年11月26日 14:05"
    assert wording.whole_moment("2026-11-26T18:05:00+00:00") == "2026年11月27日 2:05"
    assert wording.whole_moment("") == ""
