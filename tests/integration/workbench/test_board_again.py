"""An open board looks again by itself, cheaply, and says what came of each tap."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.care.services.moves import mark_arrived
from booking.places.models import Booking
from cms.core.calendar.times import at
from cms.workbench.views import today
from tests.factories.accounts import UserFactory
from tests.factories.booking import TODAY, House, booked, toddler
from tests.factories.workbench import browser, caregiver_of

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller
BY_SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def door(house: House) -> Client:
    return browser(caregiver_of(house.institution))


@pytest.fixture
def stay(house: House) -> Booking:
    user, child = toddler(nickname="当当")
    return booked(house, user=user, child=child, day=TODAY, starts=dt.time(10), ends=dt.time(12))


def look(door: Client, version: str) -> HttpResponse:
    return door.get("/workbench/board/", {"v": version}, headers=BY_SCRIPT)


def test_nothing_comes_while_nothing_changed(door: Client, stay: Booking, clock: Traveller) -> None:
    version = door.get("/workbench/").context["version"]
    clock.shift(60)

    with CaptureQueriesContext(connection) as queries:
        same = look(door, version)

    assert (same.status_code, same.content) == (204, b"")
    assert json.loads(same.headers["HX-Trigger"]) == {"board-seen": "8:01"}
    assert len(queries) == 7


def test_board_comes_once_something_changed(door: Client, stay: Booking, clock: Traveller) -> None:
    version = door.get("/workbench/").context["version"]
    clock.move_to(at(TODAY, dt.time(9, 50)))
    door.post(f"/workbench/bookings/{stay.public_id}/arrive/")

    again = look(door, version)

    page = again.content.decode()
    assert (again.status_code, "<html" in page, "在园 9:50" in page) == (200, False, True)
    assert f'data-hx-get="/workbench/board/?v={again.context["version"]}"' in page
    assert ('id="board-said"' in page, "data-hx-swap-oob" in page) == (False, False)
    assert look(door, again.context["version"]).status_code == 204


def test_act_while_the_board_was_being_read_is_seen_at_the_next_look(
    door: Client, stay: Booking, house: House, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = at(TODAY, dt.time(9, 50))
    clock.move_to(now)
    known = {"actor": None, "institution": house.institution, "booking": stay.public_id}
    load = today.load_board

    def read_and_then_change(**asked: object) -> object:
        board = load(**asked)
        mark_arrived(**known, now=now)
        return board

    monkeypatch.setattr(today, "load_board", read_and_then_change)
    version = door.get("/workbench/").context["version"]
    monkeypatch.setattr(today, "load_board", load)

    again = look(door, version)

    assert (again.status_code, "在园 9:50" in again.content.decode()) == (200, True)


def test_page_says_when_it_was_seen_and_where_words_appear(door: Client, stay: Booking) -> None:
    page = door.get("/workbench/").content.decode()

    assert ("<span data-board-seen>8:00</span> 的情况" in page, 'id="board-said"' in page) == (True, True)


def test_without_script_the_page_itself_comes(door: Client) -> None:
    assert door.get("/workbench/board/").url == "/workbench/"


def test_strangers_see_no_board(house: House) -> None:
    assert browser(UserFactory()).get("/workbench/board/", headers=BY_SCRIPT).status_code == 404
    assert Client().get("/workbench/board/", headers=BY_SCRIPT).headers["HX-Redirect"].startswith("/staff/sign-in/")


def test_each_act_says_what_came_of_it(door: Client, stay: Booking, clock: Traveller) -> None:
    def tap(act: str, clock_time: dt.time) -> str:
        clock.move_to(at(TODAY, clock_time))
        stay.refresh_from_db()
        seen = {"seen": stay.changed_at.isoformat()}
        page = door.post(f"/workbench/bookings/{stay.public_id}/{act}/", seen, follow=True).content.decode()
        return page.split('class="notices"')[1].split("</p>")[0].split('">')[-1].strip()

    assert tap("arrive", dt.time(9, 39)) == "当当 已签到 9:39"
    assert tap("leave", dt.time(9, 41)) == "当当 已离园 9:41"
    assert tap("undo", dt.time(9, 42)) == "当当 已撤回，现在是在园"
    assert tap("absent", dt.time(9, 43)) == "当当 记为没来"
    assert tap("leave", dt.time(9, 44)) == "当当：这次预约的状态已经变了，请刷新后再看。"


def test_row_is_named_and_says_what_did_not_arrive(door: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(9, 50)))

    page = door.get("/workbench/").content.decode()

    assert f'<li id="b-{stay.public_id}" tabindex="-1"' in page
    assert f'data-row="b-{stay.public_id}"' in page
    assert f'id="arrive-{stay.public_id}"' in page
    assert 'data-lost="没收到回音，不知道当当的签到记上没有，正在看"' in page
