from __future__ import annotations

import datetime as dt
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from booking.care.services import moves
from booking.care.services.expiry import expire_overdue
from booking.places.models import Booking
from booking.places.services.freshness import confirm_places
from cms.core.calendar.times import at
from tests.factories.accounts import FamilyMemberFactory, PickupPersonFactory
from tests.factories.booking import NOW, TODAY, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db
QUESTION = "date=2026-11-24&from=14:00&to=17:00"


def url(house, step="", query=""):
    return f"/booking/{house.institution.public_id}/{step}{'?' if query else ''}{query}"


def time_url(house, child, mode="hourly", more=QUESTION):
    return url(house, "time/", f"child={child.public_id}&mode={mode}&{more}")


def query_of(response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def only(house, *modes):
    house.institution.products.exclude(mode__in=modes).delete()


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_check_page_tells_everything_once_more(sign_in):
    house = open_house(name="示例·小满托育园")
    user, child = toddler(nickname="豆豆", allergies="花生过敏")
    PickupPersonFactory(family=child.family, relation="外婆")
    held = hold(house, user=user, child=child)

    response = sign_in(user).get(f"/booking/check/{held.public_id}/")

    words = text(response)
    for expected in (
        "已为您保留到 8:15",
        "豆豆，那天满 17 个月，托小班",
        "示例·小满托育园",
        "11月24日 周二",
        "14:00–17:00",
        "外婆",
        "花生过敏",
        "54 元",
        "18 元/小时 × 3 小时",
        "11月23日 周一 14:00 前可免费取消。",
        "确认预约",
    ):
        assert expected in words
    change = response.context["change_time"]
    assert parse_qs(urlsplit(change).query)["replaces"] == [held.public_id]


def test_confirming_leads_to_the_confirmation_and_is_not_sent_twice(sign_in):
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)

    first = client.post(f"/booking/check/{held.public_id}/")
    second = client.post(f"/booking/check/{held.public_id}/")

    assert first["Location"] == second["Location"] == f"/booking/done/{held.public_id}/"
    assert client.get(f"/booking/check/{held.public_id}/")["Location"] == first["Location"]
    done = text(client.get(first["Location"]))
    assert "预约成功" in done
    assert f"{held.reference[:4]} {held.reference[4:]}" in done
    assert "11月23日 周一 12:00 我们会发短信提醒您。" in done


@pytest.mark.parametrize(
    ("marks", "page"),
    [
        ([], "/booking/done/"),
        ([moves.mark_arrived], "/booking/done/"),
        ([moves.mark_arrived, moves.mark_left], "/me/bookings/"),
        ([moves.mark_absent], "/me/bookings/"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_second_tab_leads_to_the_page_of_what_has_become_of_the_booking(sign_in, clock, method, marks, page):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child, day=TODAY)
    clock.move_to(at(TODAY, dt.time(14)))
    for minute, mark in enumerate(marks):
        mark(actor=user, institution=house.institution, booking=booking.public_id, now=at(TODAY, dt.time(14, minute)))
    client = sign_in(user)

    answer = getattr(client, method)(f"/booking/check/{booking.public_id}/")

    assert answer["Location"] == f"{page}{booking.public_id}/"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("swept", [False, True])
def test_request_that_nobody_answered_is_over_before_and_after_the_sweep(sign_in, clock, swept):
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    clock.move_to(booking.expires_at)
    if swept:
        expire_overdue(now=booking.expires_at)

    client = sign_in(user)
    assert "保留时间到了" in text(client.get(f"/booking/check/{booking.public_id}/"))
    assert client.get(f"/booking/done/{booking.public_id}/")["Location"] == f"/me/bookings/{booking.public_id}/"


@pytest.mark.parametrize("decides", [True, False])
def test_request_is_worded_as_one(sign_in, decides):
    house = open_house(policy={"needs_acceptance": decides})
    if not decides:
        confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=4))
    user, child = toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)
    before = text(client.get(f"/booking/check/{held.public_id}/"))
    assert "申请预约" in before
    assert "机构答复了才算约上" in before
    assert ("空位 4 天未更新，不作准" in before) is not decides

    response = client.post(f"/booking/check/{held.public_id}/", follow=True)

    assert "已提交，等机构答复" in text(response)
    assert "机构会在明天 8:00 前答复" in text(response)
    own = client.get(f"/me/bookings/{held.public_id}/")
    for page in (response, own):
        assert "加到日历" not in text(page)


def test_confirmed_booking_can_be_put_into_the_calendar(sign_in):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    client = sign_in(user)

    for page in ("booking/done", "me/bookings"):
        assert "加到日历" in text(client.get(f"/{page}/{booking.public_id}/"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_hold_that_ran_out_is_told_and_taken_again_by_one_tap(sign_in, clock, method):
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)
    clock.shift(16 * 60)

    response = getattr(client, method)(f"/booking/check/{held.public_id}/")

    assert "保留时间到了" in text(response)
    again = client.post(f"/booking/check/{held.public_id}/again/", {"key": "once"})
    new = Booking.objects.get(status="held", expires_at__gt=NOW + dt.timedelta(minutes=16))
    assert again["Location"] == f"/booking/check/{new.public_id}/"


def test_hold_that_runs_out_on_the_open_page_is_taken_again_by_the_same_tap(sign_in, clock):
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)
    page = client.get(f"/booking/check/{held.public_id}/").content.decode()
    action, key = re.search(
        r'data-hold-over action="([^"]+)" hidden>.*?name="key" value="(\w+)"', page, flags=re.DOTALL
    ).groups()
    early = client.post(action, {"key": key})
    clock.shift(16 * 60)

    again = client.post(action, {"key": key + "1"})

    new = Booking.objects.get(status="held", expires_at__gt=NOW + dt.timedelta(minutes=16))
    assert early["Location"] == f"/booking/check/{held.public_id}/"
    assert again["Location"] == f"/booking/check/{new.public_id}/"


def test_hold_that_ran_out_and_is_gone_leads_to_what_is_free(sign_in, clock):
    house = open_house(regular_places=9)
    user, child = toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)
    clock.shift(16 * 60)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, now=NOW + dt.timedelta(minutes=16))

    response = client.post(f"/booking/check/{held.public_id}/again/", follow=True)

    assert "14:00–17:00：已满，看看下面的时段。" in text(response)


@pytest.mark.parametrize("page", ["check/{}/", "done/{}/", "calendar/{}.ics"])
def test_stranger_gets_404(sign_in, page):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    stranger, _own = toddler()

    assert sign_in(stranger).get("/booking/" + page.format(booking.public_id)).status_code == 404
    assert sign_in(stranger).post(f"/booking/check/{booking.public_id}/again/").status_code == 404
    assert Client().get("/booking/" + page.format(booking.public_id)).status_code == 302


def test_other_adult_of_the_family_sees_the_booking(sign_in):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    grandmother = FamilyMemberFactory(family=child.family, role="carer").user

    assert sign_in(grandmother).get(f"/booking/done/{booking.public_id}/").status_code == 200


def test_calendar_file_is_a_download_without_the_childs_name(sign_in):
    house = open_house()
    user, child = toddler(nickname="豆豆")
    booking = booked(house, user=user, child=child)

    response = sign_in(user).get(f"/booking/calendar/{booking.public_id}.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="{booking.reference}.ics"'
    assert "豆豆" not in response.content.decode()
    assert "DTSTART:20261124T060000Z" in response.content.decode()


@pytest.mark.parametrize("page", ["/booking/done/{}/", "/me/bookings/{}/"])
def test_wechat_is_told_how_to_keep_the_file_before_the_quiet_button(sign_in, page):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    client, url = sign_in(user), page.format(booking.public_id)
    button = re.compile(r'class="([^"]+)"\s+href="/booking/calendar/')

    inside = client.get(url, headers={"User-Agent": "x MicroMessenger/8.0"}).content.decode()
    outside = client.get(url).content.decode()

    assert button.search(inside)[1] == "button button--plain button--wide"
    assert 0 < inside.index("在微信里加不了日历") < button.search(inside).start()
    assert button.search(outside)[1] == "button button--wide"
    assert "在微信里加不了日历" not in outside


def test_cancelled_booking_has_no_confirmation_any_more(sign_in):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    Booking.objects.update(status=Booking.Status.CANCELLED)
    client = sign_in(user)

    assert client.get(f"/booking/done/{booking.public_id}/")["Location"] == f"/me/bookings/{booking.public_id}/"
    assert client.get(f"/booking/calendar/{booking.public_id}.ics").status_code == 404
