"""Holidays and make-up days as staff and the code enter them."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from wagtail.models import ModelLogEntry

from cms.core.calendar import services
from cms.core.calendar.services import DayRemoved, remove_day, save_day, setup_calendar
from cms.core.errors import InvalidInput
from cms.core.models import CalendarDay
from tests.factories.accounts import StaffUserFactory

pytestmark = pytest.mark.django_db
NEW_YEAR = {"date": dt.date(2027, 1, 1), "kind": "holiday", "name": "元旦", "source": "通知"}


@pytest.fixture
def calendar() -> None:
    setup_calendar()


def test_setup_twice_keeps_what_staff_entered(calendar: None) -> None:
    CalendarDay.objects.filter(date=dt.date(2026, 1, 1)).update(name="新年")

    assert setup_calendar() == 0
    assert CalendarDay.objects.get(date=dt.date(2026, 1, 1)).name == "新年"


def test_day_can_be_entered_once_and_removed() -> None:
    values = {"date": dt.date(2027, 1, 1), "kind": "holiday", "name": "元旦", "source": "通知"}
    day = save_day(values=values)

    with pytest.raises(InvalidInput) as caught:
        save_day(values=values)
    remove_day(day=day)

    assert caught.value.fields == {"date": "这一天已经登记过，请修改原来的那一条。"}
    assert not CalendarDay.objects.exists()


def test_day_is_corrected_and_both_acts_are_logged() -> None:
    values = {"date": dt.date(2027, 1, 1), "kind": "holiday", "name": "元旦", "source": "通知"}
    actor = StaffUserFactory()
    day = save_day(values=values, actor=actor)

    save_day(values={"name": "新年", "unknown": "x"}, day=day, actor=actor)
    remove_day(day=day, actor=actor)

    log = ModelLogEntry.objects.order_by("pk")
    assert [(entry.action, entry.user) for entry in log] == [
        ("wagtail.create", actor),
        ("wagtail.edit", actor),
        ("wagtail.delete", actor),
    ]
    assert [entry.label for entry in log] == ["2027-01-01 元旦", "2027-01-01 新年", "2027-01-01 新年"]


def test_correcting_a_day_to_one_that_is_entered_is_refused() -> None:
    first = {"date": dt.date(2027, 1, 1), "kind": "holiday", "name": "元旦", "source": "通知"}
    save_day(values=first)
    second = save_day(values=first | {"date": dt.date(2027, 1, 2)})

    with pytest.raises(InvalidInput) as caught:
        save_day(values={"date": dt.date(2027, 1, 1)}, day=second)

    assert list(caught.value.fields) == ["date"]
    assert str(caught.value) == "这一天已经登记过，请修改原来的那一条。"


def test_other_faults_keep_their_own_messages() -> None:
    with pytest.raises(InvalidInput) as caught:
        save_day(values={"date": dt.date(2027, 1, 1), "kind": "other", "name": "", "source": "通知"})

    assert sorted(caught.value.fields) == ["kind", "name"]


def test_setup_enters_the_whole_file(calendar: None) -> None:
    days = CalendarDay.objects.all()

    assert {day.source for day in days} == {"国务院办公厅关于2026年部分节假日安排的通知"}
    assert CalendarDay.objects.count() == len(days) > 30
    CalendarDay.objects.filter(date__lt=dt.date(2026, 2, 1)).delete()
    assert setup_calendar() == len(days) - CalendarDay.objects.filter(date__gte=dt.date(2026, 2, 1)).count()


def test_what_another_has_corrected_meanwhile_stays() -> None:
    shown = save_day(values=NEW_YEAR)
    save_day(values={"kind": "workday"}, day=CalendarDay.objects.get())

    save_day(values={"name": "新年"}, day=shown)

    day = CalendarDay.objects.get()
    assert (day.kind, day.name) == ("workday", "新年")


@pytest.mark.parametrize("act", [partial(save_day, values={"name": "新年"}), remove_day])
def test_day_that_another_has_removed_does_not_come_back(act) -> None:
    shown = save_day(values=NEW_YEAR)
    remove_day(day=CalendarDay.objects.get())

    with pytest.raises(DayRemoved):
        act(day=shown)

    assert not CalendarDay.objects.exists()
    actions = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["wagtail.create", "wagtail.delete"]


def test_setup_leaves_a_day_that_was_entered_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    file_rows = services._file_rows

    def enter_and_read():
        save_day(values=NEW_YEAR | {"date": dt.date(2026, 1, 1), "name": "新年"})
        return file_rows()

    monkeypatch.setattr(services, "_file_rows", enter_and_read)

    setup_calendar()

    assert CalendarDay.objects.get(date=dt.date(2026, 1, 1)).name == "新年"
