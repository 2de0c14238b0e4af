"""The days of a notice beside those entered, and entered all at once."""

from __future__ import annotations

import datetime as dt

import pytest
from wagtail.models import ModelLogEntry

from cms.core.calendar.notice import NoticeDay
from cms.core.calendar.services import compare_days, save_days
from cms.core.errors import InvalidInput
from cms.core.models import CalendarDay
from tests.factories.accounts import StaffUserFactory

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (
    NoticeDay(dt.date(2027, 10, 1), "holiday", "国庆节"),
    NoticeDay(dt.date(2027, 10, 2), "holiday", "国庆节"),
    NoticeDay(dt.date(2027, 10, 9), "workday", "国庆节调休"),
)


def enter(day: NoticeDay, **changes: str) -> CalendarDay:
    values = {"kind": day.kind, "name": day.name, "source": "旧"} | changes
    return CalendarDay.objects.create(date=day.date, **values)


def test_days_are_new_the_same_or_changed(django_assert_num_queries) -> None:
    same, other_name, other_kind = enter(FIRST), enter(SECOND, name="节"), enter(THIRD, kind="holiday")
    new = NoticeDay(dt.date(2027, 1, 1), "holiday", "元旦")

    with django_assert_num_queries(1):
        found = compare_days([new, FIRST, SECOND, THIRD])

    assert [row.known for row in found] == [None, same, other_name, other_kind]
    assert [row.is_same for row in found] == [False, True, False, False]
    assert [row.day for row in found] == [new, FIRST, SECOND, THIRD]


def test_days_are_entered_and_corrected_with_their_source_and_the_second_time_nothing_happens() -> None:
    actor = StaffUserFactory()
    enter(FIRST)
    enter(SECOND, kind="workday")

    first = save_days(days=[FIRST, SECOND, THIRD], source="通知", actor=actor)
    second = save_days(days=[FIRST, SECOND, THIRD], source="另一通知", actor=actor)

    assert (first, second) == (2, 0)
    assert list(CalendarDay.objects.order_by("date").values_list("date", "kind", "name", "source")) == [
        (FIRST.date, "holiday", "国庆节", "旧"),
        (SECOND.date, "holiday", "国庆节", "通知"),
        (THIRD.date, "workday", "国庆节调休", "通知"),
    ]
    assert [(row.action, row.user) for row in ModelLogEntry.objects.order_by("pk")] == [
        ("wagtail.edit", actor),
        ("wagtail.create", actor),
    ]


def test_nothing_is_entered_where_one_day_cannot_be() -> None:
    with pytest.raises(InvalidInput):
        save_days(days=[FIRST, NoticeDay(SECOND.date, "holiday", "")], source="通知")

    assert not CalendarDay.objects.exists()
