"""A whole notice on holidays entered at once in the admin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.core.models import CalendarDay
from directory.districts.models import District
from tests.factories.staff import client_of, text

pytestmark = pytest.mark.django_db
DATA = {"year": "2027", "source": "通知", "text": "国庆节：10月1日至2日放假，共2天。10月9日（周六）上班。"}


@pytest.fixture
def address() -> str:
    return reverse("calendar-days:notice")


def days() -> list[tuple[dt.date, str, str]]:
    return list(CalendarDay.objects.order_by("date").values_list("date", "kind", "source"))


def confirm(staff: Client, address: str, data: dict[str, Any]) -> Any:
    shown = staff.post(address, data)
    return shown, staff.post(address, data | {"confirmed": shown.context["form"]["confirmed"].value()})


def test_days_are_shown_first_and_entered_once_confirmed(staff: Client, address: str) -> None:
    CalendarDay.objects.create(date=dt.date(2027, 10, 2), kind="workday", name="错", source="旧")

    shown, done = confirm(staff, address, DATA)

    html = text(shown)
    assert ("读到 3 天" in html, "会改掉" in html, "还没有，新增" in html, "确认录入" in html) == (True,) * 4
    assert done.url == reverse("calendar-days:index")
    assert days() == [
        (dt.date(2027, 10, 1), "holiday", "通知"),
        (dt.date(2027, 10, 2), "holiday", "通知"),
        (dt.date(2027, 10, 9), "workday", "通知"),
    ]
    assert "录入了 3 天。" in text(staff.get(done.url))


def test_other_days_than_those_shown_are_shown_first(staff: Client, address: str) -> None:
    digest = staff.post(address, DATA).context["form"]["confirmed"].value()

    for changes in ({"text": "国庆节：10月1日放假"}, {"source": "另一通知"}):
        again = staff.post(address, DATA | changes | {"confirmed": digest})
        assert "确认录入" in text(again)

    assert days() == []


def test_faults_are_named_and_nothing_typed_is_lost(staff: Client, address: str) -> None:
    data = DATA | {"text": "国庆节：9月31日放假\n元旦：1月1日（周一）放假"}

    response = staff.post(address, data)

    form = response.context["form"]
    assert form.errors["text"] == [
        "第 1 行：没有「9月31日」这一天。",
        "第 2 行：「1月1日」写的是周一，2027 年这一天是周五，请核对年份和日期。",
    ]
    assert (form["text"].value(), response.context["compared"]) == (data["text"], None)
    assert days() == []


@pytest.mark.parametrize("year", ["2019", "2101", "", "x"])
def test_year_out_of_reach_is_an_error_at_its_field(staff: Client, address: str, year: str) -> None:
    assert list(staff.post(address, DATA | {"year": year}).context["form"].errors) == ["year"]


def test_list_leads_to_the_page_for_those_who_may(staff: Client, jianxi: District, address: str) -> None:
    reader = client_of(jianxi, "maternal_child_health")
    index = reverse("calendar-days:index")

    assert (address in text(staff.get(index)), address in text(reader.get(index))) == (True, False)
    assert "下一步：核对日期" in text(staff.get(address))


def test_those_who_may_not_enter_days_are_refused(client: Client, jianxi: District, address: str) -> None:
    reader = client_of(jianxi, "maternal_child_health")

    assert reader.get(address).status_code in (302, 403)
    assert reader.post(address, DATA).status_code in (302, 403)
    assert client.get(address).status_code == 302
    assert days() == []
