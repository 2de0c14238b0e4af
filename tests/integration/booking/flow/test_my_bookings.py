from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.care.services.closing import stop_care
from booking.care.services.corrections import Attendance, correct_attendance
from booking.care.services.ending import end_unanswered
from booking.care.services.expiry import expire_overdue
from booking.care.services.moves import cancel_booking, cancel_by_institution, mark_arrived
from booking.places.models import Booking
from cms.accounts.family.services.children import erase_child
from cms.accounts.models import User
from cms.core.runtime.outbox import drain
from tests.factories.accounts import PickupPersonFactory
from tests.factories.booking import NOW, TOMORROW, booked, hold, open_house, toddler, tomorrow

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in(clock: time_machine.Traveller) -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def shown(response) -> list[tuple[str, str]]:
    return [(booking.public_id, words) for booking, words, _tag in response.context["rows"]]


def test_lists_part_what_comes_from_what_is_over(sign_in, clock):
    house = open_house()
    user, child = toddler()
    soon = booked(house, user=user, child=child)
    later = booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=1))
    gone = booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=2))
    cancel_by_institution(actor=None, institution=house.institution, booking=gone.public_id, reason="消毒", now=NOW)
    client = sign_in(user)

    assert shown(client.get("/me/bookings/")) == [(soon.public_id, "已预约"), (later.public_id, "已预约")]
    assert shown(client.get("/me/bookings/?view=past")) == [(gone.public_id, "已取消")]
    clock.move_to(NOW + dt.timedelta(days=2))
    assert [row[0] for row in shown(client.get("/me/bookings/?view=past"))] == [gone.public_id, soon.public_id]


@pytest.mark.parametrize("swept", [False, True])
def test_hold_says_until_when_and_then_that_it_was_let_go(sign_in, clock, swept):
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)
    assert shown(client.get("/me/bookings/")) == [(held.public_id, "还没确认，保留到 8:15")]
    assert "去确认" in client.get(f"/me/bookings/{held.public_id}/").content.decode()

    clock.move_to(held.expires_at)
    if swept:
        expire_overdue(now=held.expires_at)

    assert shown(client.get("/me/bookings/")) == []
    assert shown(client.get("/me/bookings/?view=past")) == [(held.public_id, "没有确认，已放回")]
    page = client.get(f"/me/bookings/{held.public_id}/").content.decode()
    assert ("没有确认，已放回" in page, "去确认" in page) == (True, False)


@pytest.mark.parametrize("swept", [False, True])
def test_request_nobody_answered_is_no_hold_that_was_let_go(sign_in, clock, swept):
    house = open_house(policy={"needs_acceptance": True})
    user, child = toddler()
    asked = booked(house, user=user, child=child)
    clock.move_to(asked.expires_at)
    if swept:
        expire_overdue(now=asked.expires_at)

    assert shown(sign_in(user).get("/me/bookings/?view=past")) == [(asked.public_id, "机构没有按时答复")]


@pytest.mark.parametrize(
    ("status", "tag"),
    [
        ("held", "tag--wait"),
        ("requested", "tag--wait"),
        ("confirmed", "tag--filed"),
        ("arrived", "tag--filed"),
        ("completed", ""),
        ("absent", ""),
        ("cancelled", ""),
        ("declined", ""),
        ("expired", ""),
    ],
)
def test_state_is_a_tag_that_shows_whether_it_is_sure(sign_in, status, tag):
    house = open_house()
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    Booking.objects.update(status=status)

    page = sign_in(user).get(f"/me/bookings/{booking.public_id}/")

    assert page.context["tag"] == tag
    assert f'<span class="tag {tag}">{page.context["status"]}</span>' in page.content.decode()


@pytest.mark.parametrize("status", ["held", "requested"])
def test_what_ran_out_no_longer_looks_like_waiting(sign_in, clock, status):
    house = open_house()
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    Booking.objects.update(status=status)
    clock.move_to(booking.expires_at)

    assert sign_in(user).get(f"/me/bookings/{booking.public_id}/").context["tag"] == ""


def test_empty_list_leads_to_the_institutions(sign_in):
    user, _child = toddler()

    response = sign_in(user).get("/me/bookings/")

    assert "以后还没有预约" in response.content.decode()
    assert 'href="/institutions/"' in response.content.decode()


def test_list_has_pages_and_the_same_number_of_queries_for_one_and_three(sign_in):
    house = open_house()
    user, child = toddler()
    client = sign_in(user)
    booked(house, user=user, child=child)
    client.get("/me/bookings/")  # what every page keeps in memory is read once
    with CaptureQueriesContext(connection) as one:
        client.get("/me/bookings/")
    for days in (1, 2):
        booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=days))

    with CaptureQueriesContext(connection) as three:
        response = client.get("/me/bookings/")

    assert len(response.context["rows"]) == 3
    assert len(one) == len(three)


def test_eleventh_booking_is_on_the_second_page(sign_in):
    house = open_house(days=21)
    user, child = toddler()
    for days in range(11):
        booked(house, user=user, child=child, day=TOMORROW + dt.timedelta(days=days))
    client = sign_in(user)

    assert len(client.get("/me/bookings/").context["rows"]) == 10
    assert len(client.get("/me/bookings/?page=2").context["rows"]) == 1


def test_cancelling_tells_the_rule_first(sign_in):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    client = sign_in(user)

    before = client.get(f"/me/bookings/{booking.public_id}/cancel/")
    assert "11月23日 周一 14:00 前可免费取消。" in before.content.decode()
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED
    after = client.post(f"/me/bookings/{booking.public_id}/cancel/", follow=True)

    booking.refresh_from_db()
    assert booking.status == Booking.Status.CANCELLED
    assert "已取消，位子空出来了，别的家庭可以约。" in after.content.decode()


@pytest.mark.parametrize(("act", "words"), [(False, "54 元，到园支付"), (True, "不收费")])
def test_called_off_booking_costs_nothing(sign_in, act, words):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    if act:
        cancel_booking(user=user, booking=booking.public_id, now=NOW)

    html = sign_in(user).get(f"/me/bookings/{booking.public_id}/").content.decode()
    page = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))

    assert f"费用{words.replace(' ', '')}" in page
    assert ("到园支付" in page) is not act


def test_row_of_an_erased_child_names_none(sign_in):
    house = open_house()
    user, child = toddler(nickname="豆豆")
    booking = booked(house, user=user, child=child)
    client = sign_in(user)
    assert "豆豆　" in client.get("/me/bookings/").content.decode()
    cancel_booking(user=user, booking=booking.public_id, now=NOW)
    erase_child(user=user, child=child.public_id, now=NOW)

    page = client.get("/me/bookings/?view=past").content.decode()

    assert "已取消" in page
    assert ("已删除" in page, "豆豆" in page) == (False, False)


def test_late_cancelling_says_what_it_comes_to(sign_in, clock):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    clock.move_to(NOW + dt.timedelta(hours=7))

    response = sign_in(user).get(f"/me/bookings/{booking.public_id}/cancel/")

    page = response.content.decode()
    assert "来不了请尽早取消，现在取消也不扣钱，不影响以后预约。" in page
    assert "免费取消" not in page


def test_booking_that_has_begun_cannot_be_cancelled(sign_in, clock):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    clock.move_to(booking.starts_at + dt.timedelta(minutes=5))
    client = sign_in(user)

    assert "取消这次预约" not in client.get(f"/me/bookings/{booking.public_id}/").content.decode()
    assert client.post(f"/me/bookings/{booking.public_id}/cancel/")["Location"] == f"/me/bookings/{booking.public_id}/"
    booking.refresh_from_db()
    assert booking.status == Booking.Status.CONFIRMED


def test_reason_of_the_institution_is_shown(sign_in):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    cancel_by_institution(actor=None, institution=house.institution, booking=booking.public_id, reason="停水", now=NOW)

    response = sign_in(user).get(f"/me/bookings/{booking.public_id}/")

    assert "停水" in response.content.decode()
    assert "机构说" in response.content.decode()


def test_reason_of_the_district_is_shown_and_is_not_the_institutions_word(sign_in):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    stop_care(institution_id=house.institution.pk, from_day=TOMORROW, reason="机构限期整改", now=NOW)
    while drain(now=NOW):
        pass

    html = sign_in(user).get(f"/me/bookings/{booking.public_id}/").content.decode()

    assert ("机构限期整改" in html, "机构说" in html) == (True, False)


@pytest.mark.parametrize("path", ["", "cancel/"])
def test_stranger_gets_404_and_a_visitor_signs_in(sign_in, path):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    stranger, _own = toddler()
    url = f"/me/bookings/{booking.public_id}/{path}"

    assert sign_in(stranger).get(url).status_code == 404
    assert sign_in(stranger).post(url).status_code in (404, 405)
    assert Client().get(url)["Location"].startswith("/sign-in/?next=")


def test_list_shows_nothing_of_another_family(sign_in):
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)
    stranger, _own = toddler()

    assert shown(sign_in(stranger).get("/me/bookings/")) == []
    assert Client().get("/me/bookings/")["Location"].startswith("/sign-in/?next=")


def test_family_reads_what_the_institution_recorded_and_corrected(sign_in, clock):
    house = open_house()
    user, child = toddler()
    made = booked(house, user=user, child=child)
    known = {"actor": user, "institution": house.institution, "booking": made.public_id}
    client, page = sign_in(user), f"/me/bookings/{made.public_id}/"
    before = client.get(page)
    clock.move_to(tomorrow("14:20"))
    came = mark_arrived(**known, now=tomorrow("14:20"))

    arrived = client.get(page)
    right = Attendance("completed", dt.time(14, 5), dt.time(14, 15))
    correct_attendance(**known, to=right, reason="点错了", seen=came.changed_at, now=tomorrow("14:21"))
    corrected = client.get(page)

    assert (before.context["recorded"], "到离" in before.content.decode()) == ("", False)
    assert (arrived.context["status"], arrived.context["recorded"]) == ("在园", "14:20 到")
    assert (corrected.context["status"], corrected.context["recorded"]) == ("已完成", "14:05 到，14:15 离开")
    assert "14:05 到，14:15 离开" in corrected.content.decode()


def test_stay_of_which_nothing_is_recorded_is_over_and_not_called_completed(sign_in, clock):
    user, child = toddler()
    made = booked(open_house(), user=user, child=child)
    later = tomorrow("03:00") + dt.timedelta(days=1)
    clock.move_to(later)
    end_unanswered(now=later)

    page = sign_in(user).get(f"/me/bookings/{made.public_id}/")

    assert (page.context["status"], page.context["recorded"]) == ("已结束", "")


def test_confirmation_names_who_fetches_and_that_parents_count_only_once_registered(sign_in):
    user, child = toddler()
    made = booked(open_house(), user=user, child=child)
    PickupPersonFactory(family=child.family, relation="外婆")

    page = sign_in(user).get(f"/booking/done/{made.public_id}/").content.decode()

    assert f"能接走{child.nickname}的：外婆。没登记的接不走，爸爸妈妈来接也要登记。" in page
    assert f'href="/me/pickup/?next=/booking/done/{made.public_id}/"' in page.replace("%2F", "/")


def test_page_of_who_may_fetch_says_that_parents_register_too(sign_in):
    user, _child = toddler()

    assert "爸爸妈妈来接也要登记" in sign_in(user).get("/me/pickup/").content.decode()


@pytest.mark.parametrize("path", ["/me/bookings/{}/", "/booking/done/{}/", "/booking/check/{}/"])
def test_link_opened_with_another_number_says_what_to_do_and_nothing_of_the_booking(sign_in, path):
    user, child = toddler()
    made = booked(open_house(), user=user, child=child)
    stranger, _own = toddler()
    there, absent = path.format(made.public_id), path.format("abcdefghijkm")
    client = sign_in(stranger)

    answers = [client.get(url) for url in (there, absent)]

    pages = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    for page, url in zip(pages, (there, absent), strict=True):
        assert "可能是用另一个手机号约的" in page
        assert f'href="/sign-out/?next={quote(url, safe="")}"' in page
        assert 'href="/me/family/join/"' in page
    assert made.institution.name not in pages[0]


def test_missing_page_elsewhere_speaks_of_no_other_number(sign_in):
    user, _child = toddler()

    own, public = sign_in(user).get("/nowhere/"), Client().get("/nowhere/")

    for answer in (own, public):
        assert ("另一个手机号" in answer.content.decode(), answer.status_code) == (False, 404)
