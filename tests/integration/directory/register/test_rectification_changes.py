"""The district changes a rectification under way: who is told stands before the act, and both are in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.places.models import Booking, CapacityCell
from cms.core.runtime.outbox import drain
from directory.districts.models import District
from directory.register.models import Institution
from directory.register.services.institutions import end_rectification, start_rectification
from tests.factories.booking import NOW, TODAY, House, booked, open_house, toddler
from tests.factories.directory import DistrictFactory
from tests.factories.staff import client_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(jianxi: District) -> House:
    return open_house(district=jianxi, name="示例·小满托育园")


def rectify(place: House, kind: str) -> None:
    earlier = NOW - dt.timedelta(minutes=5)
    start_rectification(institution=place.institution, kind=kind, reason="晨检缺记录", until_date=TODAY, now=earlier)
    deliver()


def deliver() -> None:
    while drain(now=NOW):
        continue


def url(act: str, place: House) -> str:
    return reverse(f"institutions:{act}", args=[place.institution.pk])


def book(place: House) -> Booking:
    user, child = toddler()
    return booked(place, user=user, child=child)


def do(staff: Client, address: str, **data: Any) -> str:
    stake = staff.get(address).context["stake"]
    return text(staff.post(address, {**data, "seen": stake.mark if stake else ""}, follow=True))


def test_closing_shows_cancels_and_says_how_many_are_told(staff: Client, place: House) -> None:
    booking = book(place)
    rectify(place, "stops_new")

    before = text(staff.get(url("rectify_close", place)))
    page = do(staff, url("rectify_close", place), reason="复查仍有隐患")
    deliver()

    booking.refresh_from_db()
    assert "会取消 1 个预约，通知 1 个家庭（1 个宝宝）。" in before
    assert "正在通知 1 个家庭（1 个预约）。" in page
    assert booking.status == "cancelled"
    assert not CapacityCell.objects.filter(pool__institution=place.institution, target__gt=0).exists()
    history = text(staff.get(url("history", place)))
    for words in ("改变整改方式", "停止新预约", "停业", "复查仍有隐患", "限期整改"):
        assert words in history


def test_booking_made_meanwhile_is_asked_about_again(staff: Client, place: House) -> None:
    booking = book(place)
    rectify(place, "stops_new")
    seen = staff.get(url("rectify_close", place)).context["stake"].mark
    Booking.objects.filter(pk=booking.pk).update(status="cancelled")

    page = text(staff.post(url("rectify_close", place), {"reason": "x", "seen": seen}))

    assert "刚刚预约有变化" in page
    assert Institution.objects.get().rectification_kind == "stops_new"


def test_care_goes_on_and_nothing_cancelled_comes_back(staff: Client, place: House) -> None:
    booking = book(place)
    rectify(place, "closes")

    do(staff, url("rectify_open", place), reason="隐患已除")
    deliver()

    booking.refresh_from_db()
    institution = Institution.objects.get()
    assert (institution.takes_bookings, institution.looks_after_children) == (False, True)
    assert booking.status == "cancelled"
    assert CapacityCell.objects.filter(pool__institution=institution, target__gt=0).exists()
    end_rectification(institution=institution, note="复查合格", now=NOW)
    assert book(place).status == "confirmed"


@pytest.mark.parametrize(
    ("kind", "offered"), [("stops_new", ["rectify_close"]), ("closes", ["rectify_open"]), ("", [])]
)
def test_only_the_other_way_is_offered(staff: Client, place: House, kind: str, offered: list[str]) -> None:
    if kind:
        rectify(place, kind)

    page = staff.get(reverse("institutions:edit", args=[place.institution.pk])).content.decode()

    acts = ("rectify_close", "rectify_open")
    assert [act for act in acts if url(act, place) in page] == offered


def test_act_that_is_not_possible_any_more_says_so(staff: Client, place: House) -> None:
    rectify(place, "closes")

    again = do(staff, url("rectify_close", place), reason="x")

    assert "整改期间已经是这样，不用再改。" in again


@pytest.mark.parametrize("act", ["rectify_close", "rectify_open"])
def test_reason_is_asked_for_and_strangers_are_refused(staff: Client, place: House, act: str) -> None:
    rectify(place, "stops_new" if act == "rectify_close" else "closes")
    kind = Institution.objects.get().rectification_kind

    do(staff, url(act, place), reason="")
    stranger = client_of(DistrictFactory(), "health_commission")

    assert Institution.objects.get().rectification_kind == kind
    assert stranger.get(url(act, place)).status_code in (302, 403, 404)
    assert stranger.post(url(act, place), {"reason": "x"}).status_code in (302, 403, 404)
    assert Institution.objects.get().rectification_kind == kind
