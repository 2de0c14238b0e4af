"""Acts of the district that cancel: what they cost is shown before, asked again if it changed, and said after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.places.models import Booking
from cms.core.runtime.outbox import drain
from directory.districts.models import District
from directory.register.models import Institution
from directory.register.services import as_seen
from parenting.classes.services.signups import sign_up
from tests.factories.booking import NOW, TODAY, House, booked, open_house, toddler
from tests.factories.directory import AuthorisationFactory
from tests.factories.parenting import ClassSessionFactory
from tests.factories.staff import house, text
from tests.races import Late

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place(jianxi: District) -> House:
    return open_house(district=jianxi, name="示例·小满托育园")


def url(act: str, row: Any) -> str:
    return reverse(act, args=[row.pk])


def book(place: House, **stay: Any) -> Booking:
    user, child = toddler()
    return booked(place, user=user, child=child, **stay)


def do(staff: Client, address: str, **data: Any) -> str:
    """See what it costs, then do it."""
    seen = staff.get(address).context["stake"].mark
    return text(staff.post(address, {**data, "seen": seen}, follow=True))


def deliver() -> None:
    while drain(now=NOW):
        pass


def end(place: House, **changes: str) -> dict[str, str]:
    return {"ended_date": TODAY.isoformat(), "reason": "停办", "name": place.institution.name} | changes


def test_page_shows_counts_and_days_and_no_child(staff: Client, place: House) -> None:
    one = book(place)
    book(place)
    book(place, day=TODAY)

    for act, row in (
        ("institutions:end", place.institution),
        ("institutions:rectify", place.institution),
        ("authorisations:end", place.institution.authorisations.get()),
    ):
        page = text(staff.get(url(act, row)))

        assert "会取消 3 个预约，通知 3 个家庭（3 个宝宝）。" in page
        assert "11月23日 周一 1 个预约" in page
        assert "11月24日 周二 2 个预约" in page
        assert one.child.nickname not in page


@pytest.mark.parametrize("seen", ["", "0123456789abcdef"])
def test_what_was_not_seen_is_not_done(staff: Client, place: House, seen: str) -> None:
    book(place)

    page = text(staff.post(url("institutions:end", place.institution), {**end(place), "seen": seen}))

    assert "刚刚预约有变化，请再看一遍下面的数字。" in page
    assert "停办" in page
    assert Institution.objects.get().state == "active"


def test_booking_made_meanwhile_is_shown_again(staff: Client, place: House) -> None:
    book(place)
    seen = staff.get(url("institutions:end", place.institution)).context["stake"].mark
    book(place)

    page = text(staff.post(url("institutions:end", place.institution), {**end(place), "seen": seen}))

    assert "会取消 2 个预约" in page
    assert Institution.objects.get().state == "active"


@pytest.mark.parametrize("name", ["示例·小满", "", "示例·小满托育园二"])
def test_end_of_an_institution_wants_its_name(staff: Client, place: House, name: str) -> None:
    page = do(staff, url("institutions:end", place.institution), **end(place, name=name))

    assert ("和机构名称不一样" in page) is bool(name)
    assert Institution.objects.get().state == "active"


def test_institution_is_ended_and_says_who_is_told(staff: Client, place: House) -> None:
    booking = book(place)

    page = do(staff, url("institutions:end", place.institution), **end(place, name=" 示例·小满托育园 "))
    deliver()

    booking.refresh_from_db()
    assert "正在通知 1 个家庭（1 个预约）。" in page
    assert (Institution.objects.get().state, booking.status) == ("ended", "cancelled")


def test_end_of_a_filing_says_who_is_told(staff: Client, place: House) -> None:
    booking, row = book(place), place.institution.authorisations.get()

    page = do(staff, url("authorisations:end", row), ended_date=TODAY.isoformat(), reason="注销")
    deliver()

    booking.refresh_from_db()
    assert "正在通知 1 个家庭（1 个预约）。" in page
    assert booking.status == "cancelled"


def test_draft_of_a_filing_costs_nothing(staff: Client, jianxi: District) -> None:
    row = AuthorisationFactory(institution=house(jianxi), published_at=None)

    assert "没有要取消的预约。" in text(staff.get(url("authorisations:end", row)))
    assert "没有要通知的家庭。" in do(
        staff, url("authorisations:end", row), ended_date=TODAY.isoformat(), reason="登记错了"
    )


@pytest.mark.parametrize(
    ("kind", "statuses", "told"),
    [
        ("stops_new", ["confirmed", "cancelled"], "正在通知 1 个家庭（1 个预约）。"),
        ("closes", ["cancelled", "cancelled"], "正在通知 2 个家庭（2 个预约）。"),
    ],
)
def test_rectification_keeps_or_cancels_what_is_booked(
    staff: Client, place: House, kind: str, statuses: list[str], told: str
) -> None:
    kept, asked = book(place), book(place)
    Booking.objects.filter(pk=asked.pk).update(status="requested", expires_at=asked.starts_at)

    before = text(staff.get(url("institutions:rectify", place.institution)))
    page = do(staff, url("institutions:rectify", place.institution), kind=kind, reason="晨检缺记录", until_date="")
    deliver()

    assert "选「停止新预约」：已经约好的照常。还没答复的 1 个申请作废，通知 1 个家庭。" in before
    assert "选「停业」：会取消 2 个预约，通知 2 个家庭（2 个宝宝）。" in before
    assert told in page
    assert [Booking.objects.get(pk=one.pk).status for one in (kept, asked)] == statuses
    assert Institution.objects.get().takes_bookings is False


def test_rectification_wants_a_choice_and_is_shown_with_it(staff: Client, place: House) -> None:
    address = url("institutions:rectify", place.institution)

    before = text(staff.get(address))
    without = do(staff, address, reason="晨检缺记录", until_date="")
    chosen = do(staff, address, kind="stops_new", reason="晨检缺记录", until_date="")

    assert "选「停止新预约」：已经约好的照常。<" in before
    assert "整改期间" in without
    assert "停止新预约：晨检缺记录" in chosen
    staff.post(url("institutions:rectified", place.institution), {"note": "复查合格"})
    assert Institution.objects.get().state == "active"


def test_classes_held_there_are_named_but_not_cancelled(staff: Client, place: House) -> None:
    session = ClassSessionFactory(district=place.institution.district, host=place.institution)
    user, child = toddler()
    sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)

    page = text(staff.get(url("institutions:end", place.institution)))

    assert "另外有 1 家报名了在这里办的课堂" in page
    assert "没有要取消的预约。" in page


def test_final_acts_stand_apart_and_in_red(staff: Client, place: House) -> None:
    for name, row, final in (
        ("institutions", place.institution, ["终止机构"]),
        ("authorisations", place.institution.authorisations.get(), ["结束"]),
    ):
        response = staff.get(reverse(f"{name}:edit", args=[row.pk]))

        assert [str(act["label"]) for act in response.context["final_acts"]] == final
        assert final[0] not in [str(act["label"]) for act in response.context["acts"]]
        assert 'class="button no"' in text(staff.get(reverse(f"{name}:end", args=[row.pk])))
    assert 'class="button no"' not in text(staff.get(url("institutions:rectify", place.institution)))


@pytest.mark.parametrize("act", ["institutions:end", "institutions:rectify", "authorisations:end"])
def test_booking_made_in_the_moment_of_the_act_is_shown_and_nothing_is_done(
    staff: Client, place: House, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    book(place)
    row = place.institution.authorisations.get() if act == "authorisations:end" else place.institution
    seen = staff.get(url(act, row)).context["stake"].mark
    monkeypatch.setattr(as_seen, "lock_institution", Late(as_seen.lock_institution, lambda: book(place)))
    data = {**end(place), "kind": "closes", "until_date": "", "seen": seen}

    page = text(staff.post(url(act, row), data))

    # The booking is a part of the act's own transaction here, and undone with it.
    assert "刚刚预约有变化，请再看一遍下面的数字。" in page
    found = Institution.objects.get()
    assert (found.state, found.is_public) == ("active", True)
