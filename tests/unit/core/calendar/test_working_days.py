from __future__ import annotations

import datetime as dt

import holidays
import pytest

from cms.core.calendar.working_days import add_working_days, remove_day, save_day, setup_calendar
from cms.core.errors import InvalidInput
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


def test_setup_twice_keeps_what_staff_entered(calendar: None) -> None:
    CalendarDay.objects.filter(date=dt.date(2026, 1, 1)).update(name="新年")

    assert setup_calendar() == 0
    assert CalendarDay.objects.get(date=dt.date(2026, 1, 1)).name == "新年"


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


def test_day_can_be_entered_once_and_removed() -> None:
    values = {"date": dt.date(2027, 1, 1), "kind": "holiday", "name": "元旦", "source": "通知"}
    day = save_day(values=values)

    with pytest.raises(InvalidInput) as caught:
        save_day(values=values)
    remove_day(day=day)

    assert caught.value.fields == {"date": "这一天已经登记过，请修改原来的那一条。"}
    assert not CalendarDay.objects.exists()
