from __future__ import annotations

import datetime as dt

import holidays
import pytest

from cms.core.calendar.services import setup_calendar
from cms.core.calendar.working_days import add_working_days, entered_years, first_working_day, is_working_day
from cms.core.models import CalendarDay

pytestmark = pytest.mark.django_db


@pytest.fixture
def calendar() -> None:
    setup_calendar()


def days(kind: str) -> set[dt.date]:
    return set(CalendarDay.objects.filter(kind=kind).values_list("date", flat=True))


def test_calendar_of_2026_agrees_with_the_package(calendar: None) -> None:
    """Its weekday holidays and make-up days; the list here names the weekends between as well."""
    package = holidays.country_holidays("CN", years=2026)
    made_up = {day for day in package.weekend_workdays if day.year == 2026}

    assert {day for day in days("holiday") if day.weekday() < 5} == {day for day in package if day.weekday() < 5}
    assert days("workday") == made_up


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        # 国庆节: 1 to 7 October off, Saturday 10 October worked; the day of receipt is day 0
        (dt.date(2026, 9, 30), 1, dt.date(2026, 10, 8)),
        (dt.date(2026, 9, 30), 3, dt.date(2026, 10, 10)),
        (dt.date(2026, 11, 26), 5, dt.date(2026, 12, 3)),
    ],
)
def test_working_days_follow_the_calendar(calendar: None, start: dt.date, count: int, expected: dt.date) -> None:
    due = add_working_days(start, count)

    assert (due.date, due.missing_years) == (expected, ())


def test_a_year_not_announced_is_flagged(calendar: None) -> None:
    due = add_working_days(dt.date(2026, 12, 30), 3)

    assert (due.date, due.missing_years) == (dt.date(2027, 1, 4), (2027,))


def test_no_working_day_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(dt.date(2026, 1, 1), 0)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (dt.date(2026, 11, 26), 1, dt.date(2026, 11, 27)),  # Thursday
        (dt.date(2026, 11, 27), 1, dt.date(2026, 11, 30)),  # Friday: over the weekend
        (dt.date(2026, 11, 28), 1, dt.date(2026, 11, 30)),  # received on a Saturday
        (dt.date(2026, 11, 29), 2, dt.date(2026, 12, 1)),
        (dt.date(2026, 11, 26), 15, dt.date(2026, 12, 17)),
        (dt.date(2026, 9, 24), 1, dt.date(2026, 9, 28)),  # 25 to 27 September: 中秋
    ],
)
def test_day_of_receipt_is_day_zero_and_rest_days_are_skipped(
    calendar: None, start: dt.date, count: int, expected: dt.date
) -> None:
    assert add_working_days(start, count).date == expected


def test_years_on_the_way_are_named_when_they_are_not_entered() -> None:
    CalendarDay.objects.create(date=dt.date(2027, 1, 1), kind="holiday", name="元旦", source="x")

    assert add_working_days(dt.date(2026, 12, 30), 3).missing_years == (2026,)
    assert add_working_days(dt.date(2027, 12, 31), 1).missing_years == (2028,)
    assert add_working_days(dt.date(2026, 6, 1), 1).missing_years == (2026,)
    assert entered_years() == {2027}


def test_long_holidays_do_not_end_the_look_ahead() -> None:
    days = [dt.date(2026, 6, 1) + dt.timedelta(days=number) for number in range(1, 33)]
    CalendarDay.objects.bulk_create(CalendarDay(date=day, kind="holiday", name="x", source="x") for day in days)

    assert add_working_days(dt.date(2026, 6, 1), 1).date == dt.date(2026, 7, 6)


@pytest.mark.parametrize(
    ("day", "kind", "works"),
    [
        (dt.date(2026, 11, 27), None, True),
        (dt.date(2026, 11, 28), None, False),
        (dt.date(2026, 11, 29), None, False),
        (dt.date(2026, 11, 27), "holiday", False),
        (dt.date(2026, 11, 28), "workday", True),
    ],
)
def test_entered_days_go_before_the_week(day: dt.date, kind: str | None, works: bool) -> None:
    assert is_working_day(day, {day: kind} if kind else {}) is works


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (dt.date(2026, 11, 26), dt.date(2026, 11, 26)),
        (dt.date(2026, 11, 28), dt.date(2026, 11, 30)),
        (dt.date(2026, 11, 29), dt.date(2026, 11, 30)),
        (dt.date(2026, 10, 1), dt.date(2026, 10, 8)),
        (dt.date(2026, 10, 10), dt.date(2026, 10, 10)),
    ],
)
def test_first_day_on_which_people_work(calendar: None, start: dt.date, day: dt.date) -> None:
    assert first_working_day(start) == day


def test_without_any_working_day_the_start_is_as_good() -> None:
    start = dt.date(2026, 11, 23)
    for offset in range(14):
        CalendarDay.objects.create(date=start + dt.timedelta(offset), kind="holiday", name="x")

    assert first_working_day(start) == start
