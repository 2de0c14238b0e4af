"""A child before its time: a quiet way in, and a question."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.places.models import Booking, CapacityCell
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, open_house, toddler
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller


@pytest.fixture
def door(house: House) -> Client:
    return browser(caregiver_of(house.institution))


def stay(house: House, day: dt.date = TODAY) -> Booking:
    user, child = toddler(nickname="布丁")
    return booked(house, user=user, child=child, day=day, starts=dt.time(16), ends=dt.time(18))


def page_of(booking: Booking) -> str:
    return reverse("workbench:early", args=[booking.public_id])


def mark_of(booking: Booking) -> str:
    return reverse("workbench:mark", args=[booking.public_id, "arrive"])


@pytest.mark.parametrize(("clock_time", "quiet"), [(dt.time(14, 59, 59), True), (dt.time(15), False)])
def test_board_leads_to_the_question_until_an_hour_before(
    house: House, door: Client, clock: Traveller, clock_time: dt.time, quiet: bool
) -> None:
    booking = stay(house)
    clock.move_to(at(TODAY, clock_time))

    page = door.get("/workbench/").content.decode()

    assert (page_of(booking) in page, mark_of(booking) in page) == (quiet, not quiet)


def test_tap_is_asked_about_first_and_then_counts(house: House, door: Client, clock: Traveller) -> None:
    booking = stay(house)
    clock.move_to(at(TODAY, dt.time(9, 40)))

    question = door.post(mark_of(booking))
    by_address = door.get(page_of(booking)).content.decode()
    booking.refresh_from_db()
    before = booking.status
    door.post(mark_of(booking), {"early_ok": "1"})
    booking.refresh_from_db()

    assert question.status_code == 409
    for page in (question.content.decode(), by_address):
        assert "16:00 才到，现在签到？" in page
        assert "中间这段时间没有给宝宝留位子" in page
    assert (before, booking.status, booking.arrived_at) == ("confirmed", "arrived", at(TODAY, dt.time(9, 40)))


def test_htmx_is_led_to_the_question(house: House, door: Client) -> None:
    booking = stay(house)

    answer = door.post(mark_of(booking), headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == page_of(booking)


def test_question_says_by_how_many_the_room_would_be_over(house: House, door: Client) -> None:
    booking = stay(house)
    cells = CapacityCell.objects.filter(starts_at=at(TODAY, dt.time(12)), pool__bucket="toddler")
    cells.update(taken=7, capacity=7)

    page = door.get(page_of(booking)).content.decode()

    assert ("到 16:00 之前会超出 2 位" in page, "仍然签到，超出 2 位" in page) == (True, True)


def test_where_there_is_nothing_to_ask_the_board_is_shown(house: House, door: Client, clock: Traveller) -> None:
    booking, later = stay(house), stay(house, TOMORROW)
    board = f"/workbench/#b-{later.public_id}"

    assert door.get(page_of(later)).url == board
    clock.move_to(at(TODAY, dt.time(15, 59, 59)))
    assert door.get(page_of(booking)).status_code == 200
    clock.move_to(at(TODAY, dt.time(16)))
    assert door.get(page_of(booking)).url == f"/workbench/#b-{booking.public_id}"
    door.post(mark_of(booking))
    clock.move_to(NOW)
    assert door.get(page_of(booking)).status_code == 302


def test_strangers_and_other_houses_find_nothing(house: House, clock: Traveller) -> None:
    booking = stay(house)
    user, _child = toddler()

    assert browser(user).get(page_of(booking)).status_code == 404
    assert browser(manager_of(open_house().institution)).get(page_of(booking)).status_code == 404
    assert "sign-in" in Client().get(page_of(booking)).url


def test_second_tap_is_told_and_checks_nobody_out(house: House, door: Client, clock: Traveller) -> None:
    booking = stay(house)
    clock.move_to(at(TODAY, dt.time(16)))
    door.post(mark_of(booking))
    clock.shift(0.9)

    page = door.post(reverse("workbench:mark", args=[booking.public_id, "leave"]), follow=True).content.decode()

    booking.refresh_from_db()
    assert (f"{booking.child.nickname}：刚刚签到，没有记离园" in page, booking.status) == (True, "arrived")
