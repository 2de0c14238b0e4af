"""The card behind a name, and the page on which its record is put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.care.services import moves
from booking.places.models import Booking
from cms.accounts.models import ChildAccess
from cms.core.calendar.times import at
from tests.factories.accounts import PickupPersonFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, open_house, toddler
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller
WHY = {"reason": "点错了"}


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    return lay(lambda: open_house(policy={"cutoff_minutes": 0}))


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


@pytest.fixture
def stay(house: House) -> Booking:
    """10–12 today, checked in at 9:40."""
    user, child = toddler(nickname="布丁", allergies="花生", care_notes="午睡要抱小熊")
    made = booked(house, user=user, child=child, day=TODAY, starts=dt.time(10), ends=dt.time(12))
    known = {"actor": user, "institution": house.institution, "booking": made.public_id}
    return moves.mark_arrived(**known, now=at(TODAY, dt.time(9, 40)))


def page_of(stay: Booking, name: str = "correct") -> str:
    return reverse(f"workbench:{name}", args=[stay.public_id])


def send(desk: Client, stay: Booking, **data: str) -> HttpResponse:
    seen = Booking.objects.get(pk=stay.pk).changed_at.isoformat()
    return desk.post(page_of(stay), {"seen": seen, **WHY, **data})


@pytest.mark.parametrize(
    ("clock_time", "day", "by_manager", "by_caregiver"),
    [
        (dt.time(9, 59), TODAY, (True, True), (True, False)),
        (dt.time(10), TODAY, (True, False), (True, False)),
        (dt.time(9), TODAY + dt.timedelta(days=3), (False, True), None),
    ],
)
def test_card_has_the_telephone_and_the_way_to_cancel(
    house: House,
    desk: Client,
    clock: Traveller,
    clock_time: dt.time,
    day: dt.date,
    by_manager: tuple[bool, bool],
    by_caregiver: tuple[bool, bool] | None,
) -> None:
    user, child = toddler()
    coming = booked(house, user=user, child=child, day=day, starts=dt.time(10), ends=dt.time(12))
    clock.move_to(at(TODAY, clock_time))

    def offered(who: Client) -> tuple[bool, bool] | None:
        answer = who.get(page_of(coming, "child"))
        page = answer.content.decode()
        acts = (page_of(coming, "call"), page_of(coming, "cancel"))
        return None if answer.status_code == 404 else (acts[0] in page, acts[1] in page)

    assert (offered(desk), offered(browser(caregiver_of(house.institution)))) == (by_manager, by_caregiver)


def test_manager_puts_a_wrong_arrival_right(desk: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(10, 5)))

    form = desk.get(page_of(stay)).content.decode()
    done = send(desk, stay, state="confirmed")

    assert "现在记的是：<b>在园 9:40</b>" in form
    assert done.url == f"/workbench/#b-{stay.public_id}"
    stay.refresh_from_db()
    assert (stay.status, stay.arrived_at) == ("confirmed", None)
    assert "已更正，原来的记录还在" in desk.get("/workbench/").content.decode()


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({"state": "absent", "arrived": "9:10"}, "arrived", "您填了时间，却选了没来"),
        ({"state": "absent", "left": "11:00"}, "left", "您填了时间，却选了没来"),
        ({"state": "confirmed", "arrived": "9:10"}, "arrived", "您填了时间，却选了还没到"),
        ({"state": "arrived", "arrived": "9:40", "left": "11:00"}, "left", "您填了时间，却选了在园"),
    ],
)
def test_times_that_do_not_fit_the_state_are_not_dropped_without_a_word(
    desk: Client, stay: Booking, clock: Traveller, sent: dict[str, str], field: str, words: str
) -> None:
    clock.move_to(at(TODAY, dt.time(11, 30)))

    answer = send(desk, stay, **sent)

    assert list(answer.context["form"].errors) == [field]
    assert words in answer.content.decode()
    assert f'value="{sent[field]}"' in answer.content.decode()
    stay.refresh_from_db()
    assert (stay.status, stay.left_at) == ("arrived", None)


def test_times_as_recorded_may_stay_where_the_state_has_none(desk: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(11, 30)))

    done = send(desk, stay, state="absent", arrived="9:40")

    assert done.status_code == 302
    stay.refresh_from_db()
    assert (stay.status, stay.arrived_at) == ("absent", None)


def test_what_was_typed_stays_beside_what_is_wrong(desk: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(12, 30)))

    answer = send(desk, stay, state="completed", arrived="9：40", left="9.30", reason="other", words="家长说的")

    page = answer.content.decode()
    assert "离园要晚于到园" in page
    assert ('value="9.30"' in page, 'value="家长说的"' in page) == (True, True)
    missing = send(desk, stay, state="absent", reason="other").content.decode()
    assert "请写下原因" in missing
    assert "家长会看到，不要" not in missing
    stay.refresh_from_db()
    assert stay.status == "arrived"


def test_second_manager_sees_what_changed_first(desk: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(10, 5)))
    seen = Booking.objects.get(pk=stay.pk).changed_at.isoformat()
    send(desk, stay, state="arrived", arrived="9:10")
    clock.shift(60)

    question = desk.post(page_of(stay), {"seen": seen, "state": "arrived", "arrived": "9:20", **WHY})

    page = question.content.decode()
    assert "刚才有人改过这条记录" in page
    assert "现在记的是：<b>在园 9:10</b>" in page
    fresh = question.context["seen"]
    desk.post(page_of(stay), {"seen": fresh, "state": "arrived", "arrived": "9:20", **WHY})
    stay.refresh_from_db()
    assert stay.arrived_at == at(TODAY, dt.time(9, 20))


def test_other_refusals_keep_the_version_that_was_looked_at(desk: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(10, 5)))
    data = {"seen": "2026-11-01T00:00:00+00:00", "state": "arrived", "arrived": "10:30", **WHY}

    assert desk.post(page_of(stay), data).context["seen"] == data["seen"]
    assert "页面过时了" in desk.post(page_of(stay), {**data, "seen": ""}).content.decode()


def test_place_given_away_is_asked_for(clock: Traveller) -> None:
    house = open_house(regular_places=9, policy={"cutoff_minutes": 0})
    user, child = toddler()
    away = booked(house, user=user, child=child, day=TODAY, starts=dt.time(10), ends=dt.time(12))
    now = at(TODAY, dt.time(10, 20))
    clock.move_to(now)
    moves.mark_absent(actor=user, institution=house.institution, booking=away.public_id, now=now)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, day=TODAY, starts=dt.time(10, 30), ends=dt.time(12), now=now)
    desk = browser(manager_of(house.institution))

    question = send(desk, away, state="confirmed").content.decode()
    away.refresh_from_db()
    before = away.status
    send(desk, away, state="confirmed", over_ok="1")
    away.refresh_from_db()

    assert "仍然更正，超出 1 位" in question
    assert (before, away.status) == ("absent", "confirmed")


@pytest.mark.parametrize(("days", "opens"), [(0, True), (7, True), (8, False)])
def test_page_opens_for_seven_days(desk: Client, stay: Booking, clock: Traveller, days: int, opens: bool) -> None:
    clock.move_to(at(TODAY, dt.time(20)) + dt.timedelta(days=days))

    answer = desk.get(page_of(stay))

    assert answer.status_code == (200 if opens else 302)
    day = desk.get(f"/workbench/days/{TODAY.isoformat()}/").content.decode()
    assert ("这条现在改不了了" in day) is not opens
    assert (page_of(stay) in day) is opens
    assert (page_of(stay) in desk.get(page_of(stay, "child")).content.decode()) is opens
    if not opens:
        assert answer.url == f"/workbench/days/{TODAY.isoformat()}/#b-{stay.public_id}"


def test_coming_day_has_no_correction(house: House, desk: Client) -> None:
    user, child = toddler()
    made = booked(house, user=user, child=child, day=TOMORROW)

    assert page_of(made) not in desk.get(f"/workbench/days/{TOMORROW.isoformat()}/").content.decode()


def test_board_offers_it_once_the_mark_stands(house: House, desk: Client, stay: Booking, clock: Traveller) -> None:
    clock.move_to(at(TODAY, dt.time(9, 50)))
    fresh = desk.get("/workbench/").content.decode()
    clock.move_to(at(TODAY, dt.time(9, 51)))
    later = desk.get("/workbench/").content.decode()

    assert (page_of(stay) in fresh, page_of(stay) in later) == (False, True)
    assert page_of(stay) not in browser(caregiver_of(house.institution)).get("/workbench/").content.decode()


def test_card_shows_what_to_mind_and_the_history(desk: Client, stay: Booking, clock: Traveller) -> None:
    PickupPersonFactory(family=stay.family, name="李梅", relation="外婆", phone="10000001234")
    clock.move_to(at(TODAY, dt.time(10, 5)))
    send(desk, stay, state="arrived", arrived="9:10")

    page = desk.get(page_of(stay, "child")).content.decode()

    spelled = f"{stay.reference[:4]} {stay.reference[4:]}"
    for words in ("花生过敏", "午睡要抱小熊", "外婆 李梅", "尾号 1234", spelled, "到 9:40 改为 9:10", "原因：点错了"):
        assert words in page
    assert "10000001234" not in page


def test_card_is_logged_once_an_hour(desk: Client, stay: Booking) -> None:
    desk.get(page_of(stay, "child"))
    desk.get(page_of(stay, "child"))

    access = ChildAccess.objects.get(child=stay.child)
    assert (access.purpose, access.place) == ("card", stay.institution.name)
    assert access.district_code == stay.institution.district.code


@pytest.mark.parametrize(("days", "shows"), [(1, True), (2, False)])
def test_health_is_shown_around_the_day_alone(
    house: House, desk: Client, stay: Booking, clock: Traveller, days: int, shows: bool
) -> None:
    clock.move_to(NOW + dt.timedelta(days=days))

    mine = desk.get(page_of(stay, "child")).content.decode()
    caregivers = browser(caregiver_of(house.institution)).get(page_of(stay, "child"))

    assert ("花生过敏" in mine, "午睡要抱小熊" in mine) == (shows, shows)
    assert caregivers.status_code == (200 if shows else 404)


def test_health_of_a_child_who_was_called_off_is_not_shown(house: House, desk: Client) -> None:
    user, child = toddler(allergies="花生")
    made = booked(house, user=user, child=child, day=TODAY)
    known = {"actor": user, "institution": house.institution, "booking": made.public_id}
    moves.cancel_by_institution(**known, reason="停水", now=NOW)

    assert "花生" not in desk.get(page_of(made, "child")).content.decode()
    assert browser(caregiver_of(house.institution)).get(page_of(made, "child")).status_code == 404


@pytest.mark.parametrize("corrections", [1, 3])
def test_card_asks_the_same_number_of_queries(desk: Client, stay: Booking, clock: Traveller, corrections: int) -> None:
    for number in range(corrections):
        clock.move_to(at(TODAY, dt.time(10, 5 + number)))
        send(desk, stay, state="arrived", arrived=f"9:1{number}")
    desk.get(page_of(stay, "child"))

    with CaptureQueriesContext(connection) as queries:
        desk.get(page_of(stay, "child"))

    assert len(queries) == 12
