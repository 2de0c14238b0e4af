"""Today's board: rows, marks at the door, the question when a place is gone, the telephone."""

from __future__ import annotations

import datetime as dt
from typing import Any

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
from tests.factories.directory import InstitutionFactory
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
TODAY_URL = "/workbench/"
Traveller = time_machine.Traveller


@pytest.fixture
def door(house: House) -> Client:
    return browser(caregiver_of(house.institution))


def expected(house: House, *, day: dt.date = TODAY, starts: int = 10, ends: int = 12, **child: Any) -> Booking:
    user, made = toddler(**child)
    return booked(house, user=user, child=made, day=day, starts=dt.time(starts), ends=dt.time(ends))


def press(client: Client, booking: Booking, act: str, *, follow: bool = False, **data: str) -> HttpResponse:
    return client.post(reverse("workbench:mark", args=[booking.public_id, act]), data, follow=follow)


def test_board_shows_what_the_door_needs(house: House, door: Client) -> None:
    booking = expected(house, nickname="果果", allergies="花生", care_notes="午睡要抱小熊")
    PickupPersonFactory(family=booking.family, name="李梅", relation="外婆")

    page = door.get(TODAY_URL).content.decode()

    for words in (
        "果果",
        "17 个月",
        "花生过敏",
        "午睡要抱小熊",
        "外婆 李梅",
        "在园，只数预约的宝宝",
        "在岗 2 人可带 10",
        "在托宝宝 4 名",
        "签到",
        f"预约号 {booking.reference[:4]} {booking.reference[4:]}",
    ):
        assert words in page


def test_sheet_has_a_line_for_who_comes_and_for_who_is_in(house: House, door: Client, clock: Traveller) -> None:
    inside, _coming = expected(house, nickname="果果"), expected(house, nickname="点点")
    PickupPersonFactory(family=inside.family, name="李梅", relation="外婆", phone="10000001234")
    clock.move_to(at(TODAY, dt.time(10, 4)))
    press(door, inside, "arrive")

    page = " ".join(door.get(TODAY_URL).content.decode().split())

    line = "离 ______ 接送人 ________ 签字 ________"
    assert (f"到 10:04 {line}" in page, f"到 ______ {line}" in page) == (True, True)
    assert ('外婆 李梅 <span class="nowrap">尾号 1234</span>' in page, "10000001234" in page) == (True, False)
    assert page.count("签字 ________</p>") + page.count("签字 ________ </p>") == 2
    clock.shift(dt.timedelta(minutes=5))
    press(door, inside, "leave")
    assert door.get(TODAY_URL).content.decode().count("接送人") == 2


def test_two_of_one_nickname_are_told_apart(house: House, door: Client) -> None:
    expected(house, nickname="果果", birth_date=dt.date(2025, 6, 3))
    expected(house, nickname="果果", birth_date=dt.date(2025, 4, 3))
    expected(house, nickname="点点", birth_date=dt.date(2025, 5, 3))

    page = door.get(TODAY_URL).content.decode()

    assert [f"2025年{month}月生" in page for month in (6, 4, 5)] == [True, True, False]


def test_totals_and_classes_are_links(house: House, door: Client, clock: Traveller) -> None:
    first, second = expected(house, starts=10), expected(house, starts=11)
    clock.move_to(at(TODAY, dt.time(10, 4)))
    press(door, first, "absent")

    page = " ".join(door.get(TODAY_URL).content.decode().split())

    assert f'<a href="#b-{first.public_id}" > 没来 1 </a>' in page
    assert f'<a href="#b-{second.public_id}" > 还没到 1 </a>' in page
    assert '<a href="#class-toddler">托小班 2</a>' in page


def test_lateness_stands_first_in_words(house: House, door: Client, clock: Traveller) -> None:
    late = expected(house, starts=11, nickname="果果")
    expected(house, starts=10, nickname="点点")
    clock.move_to(at(TODAY, dt.time(10, 1)))
    press(door, Booking.objects.exclude(pk=late.pk).get(), "arrive")
    clock.move_to(at(TODAY, dt.time(11, 42)))

    page = door.get(TODAY_URL)

    assert [row.booking.child.nickname for row in page.context["board"].rows] == ["果果", "点点"]
    assert "晚 42 分钟" in page.content.decode()


def test_paper_keeps_the_times_of_a_child_who_has_left(house: House, door: Client, clock: Traveller) -> None:
    made = expected(house, starts=10, nickname="果果")
    for act, moment in (("arrive", dt.time(10, 1)), ("leave", dt.time(11, 42))):
        clock.move_to(at(TODAY, moment))
        press(door, made, act)

    page = " ".join(door.get(TODAY_URL).content.decode().split())

    assert "到 10:01 离 11:42 接送人 ________ 签字 ________" in page


def test_stay_that_is_over_is_not_counted_on(house: House, door: Client, clock: Traveller) -> None:
    expected(house, starts=10, ends=12)
    clock.move_to(at(TODAY, dt.time(14)))

    page = door.get(TODAY_URL).content.decode()

    assert "时间已过" in page
    assert "晚 4 小时" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_board_asks_the_same_number_of_queries(house: House, door: Client, number: int) -> None:
    for index in range(number):
        PickupPersonFactory(family=expected(house, nickname=f"宝{index}").family)
    door.get(TODAY_URL)

    with CaptureQueriesContext(connection) as queries:
        door.get(TODAY_URL)

    assert len(queries) == 20


def test_arrive_leave_and_undo(house: House, door: Client, clock: Traveller) -> None:
    booking = expected(house)
    clock.move_to(at(TODAY, dt.time(10, 4)))

    press(door, booking, "arrive")
    booking.refresh_from_db()
    arrived = (booking.status, booking.arrived_at)
    clock.shift(dt.timedelta(hours=1))
    press(door, booking, "leave")
    booking.refresh_from_db()
    left, seen = booking.status, booking.changed_at.isoformat()
    page = door.get(TODAY_URL).content.decode()
    press(door, booking, "undo", seen=seen)
    booking.refresh_from_db()
    undone = door.get(TODAY_URL).content.decode()

    assert arrived == ("arrived", at(TODAY, dt.time(10, 4)))
    assert left == "completed"
    assert (f'name="seen" value="{seen}"' in page, "撤回离园" in page) == (True, True)
    assert booking.status == "arrived"
    assert ("已撤回，现在是在园" in undone, "撤回离园" in undone, "撤回签到" in undone) == (True, False, False)


def test_undo_is_gone_after_ten_minutes(house: House, door: Client, clock: Traveller) -> None:
    booking = expected(house)
    clock.move_to(at(TODAY, dt.time(10)))
    press(door, booking, "arrive")
    clock.shift(dt.timedelta(minutes=11))

    page = door.get(TODAY_URL).content.decode()
    booking.refresh_from_db()
    press(door, booking, "undo", seen=booking.changed_at.isoformat())
    booking.refresh_from_db()

    assert "撤回" not in page
    assert booking.status == "arrived"


def test_undo_pressed_again_after_a_lost_answer_leaves_the_mark_before(
    house: House, door: Client, clock: Traveller
) -> None:
    booking = expected(house, nickname="果果")
    clock.move_to(at(TODAY, dt.time(10)))
    press(door, booking, "arrive")
    clock.shift(dt.timedelta(minutes=2))
    press(door, booking, "leave")
    booking.refresh_from_db()
    seen = booking.changed_at.isoformat()
    said = []

    for _ in range(2):
        clock.shift(dt.timedelta(minutes=1))
        page = press(door, booking, "undo", seen=seen, follow=True).content.decode()
        said.append("果果 已撤回，现在是在园" in page)

    booking.refresh_from_db()
    assert (said, booking.status) == ([True, True], "arrived")


@pytest.mark.parametrize("seen", ["", "昨天", "2026-13-45T00:00:00+08:00"])
def test_undo_that_does_not_say_what_it_saw_is_told_to_open_the_page_again(
    house: House, door: Client, clock: Traveller, seen: str
) -> None:
    booking = expected(house)
    clock.move_to(at(TODAY, dt.time(10)))
    press(door, booking, "arrive")

    page = press(door, booking, "undo", seen=seen, follow=True).content.decode()

    booking.refresh_from_db()
    assert ("页面过时了，请重新打开再改" in page, booking.status) == (True, "arrived")


def test_undo_of_leaving_where_the_place_is_gone_says_that_the_child_left(one_place: House, clock: Traveller) -> None:
    gone = expected(one_place, starts=10, ends=12, nickname="果果")
    known = {"actor": manager_of(one_place.institution), "institution": one_place.institution}
    moves.mark_arrived(**known, booking=gone.public_id, now=at(TODAY, dt.time(10)))
    now = at(TODAY, dt.time(10, 20))
    moves.mark_left(**known, booking=gone.public_id, now=now)
    user, other = toddler()
    booked(one_place, user=user, child=other, day=TODAY, starts=dt.time(10, 30), ends=dt.time(12), now=now)
    clock.move_to(now + dt.timedelta(minutes=1))
    door = browser(caregiver_of(one_place.institution))

    question = press(door, gone, "undo", seen=now.isoformat())
    page = question.content.decode()
    press(door, gone, "undo", seen=question.context["booking"].changed_at.isoformat(), over_ok="1")

    gone.refresh_from_db()
    assert ("果果已经离园，到 12:00 的位子" in page, "标过没来" in page) == (True, False)
    assert ('name="seen"' in page, gone.status) == (True, "arrived")


def test_htmx_mark_answers_the_board_alone(house: House, door: Client, clock: Traveller) -> None:
    booking = expected(house, nickname="果果")
    clock.move_to(at(TODAY, dt.time(10)))

    answer = door.post(reverse("workbench:mark", args=[booking.public_id, "arrive"]), headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert ("<html" in page, 'id="board"' in page, "在园 10:00" in page) == (False, True, True)
    assert '<div data-hx-swap-oob="innerHTML:#board-said">' in page
    assert "果果 已签到 10:00" in page


def test_htmx_refusal_is_said_beside_the_board(house: House, door: Client) -> None:
    booking = expected(house)

    answer = door.post(reverse("workbench:mark", args=[booking.public_id, "leave"]), headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert ('<p class="notice notice--warn">' in page, "状态已经变了" in page) == (True, True)


def test_wrong_mark_is_told_and_changes_nothing(house: House, door: Client) -> None:
    booking = expected(house)

    answer = door.post(reverse("workbench:mark", args=[booking.public_id, "leave"]), follow=True)
    booking.refresh_from_db()

    assert "状态已经变了" in answer.content.decode()
    assert booking.status == "confirmed"


def test_marks_are_for_today_only(house: House, door: Client) -> None:
    user, child = toddler()
    tomorrow = booked(house, user=user, child=child, day=TOMORROW)

    answer = press(door, tomorrow, "arrive", follow=True)
    tomorrow.refresh_from_db()

    assert "这一天还没到" in answer.content.decode()
    assert tomorrow.status == "confirmed"


def test_unknown_mark_is_404(house: House, door: Client) -> None:
    assert press(door, expected(house), "dance").status_code == 404


def full_after_absence(house: House, clock: Traveller) -> Booking:
    """A child marked absent whose place another family took since."""
    actor = manager_of(house.institution)
    away = expected(house, starts=10, ends=12, nickname="果果")
    clock.move_to(at(TODAY, dt.time(10, 20)))
    now = at(TODAY, dt.time(10, 20))
    moves.mark_absent(actor=actor, institution=house.institution, booking=away.public_id, now=now)
    user, other = toddler()
    booked(house, user=user, child=other, day=TODAY, starts=dt.time(10, 30), ends=dt.time(12), now=now)
    return away


@pytest.fixture
def one_place(clock: Traveller) -> House:
    return open_house(regular_places=9, policy={"cutoff_minutes": 0})


def test_came_late_takes_the_rest_again(clock: Traveller) -> None:
    house = open_house()
    away = expected(house, starts=10, ends=12)
    clock.move_to(at(TODAY, dt.time(10, 20)))
    door = browser(caregiver_of(house.institution))
    press(door, away, "absent")

    press(door, away, "arrive")
    away.refresh_from_db()

    assert away.status == "arrived"
    assert away.cells.filter(cell__ends_at__gt=at(TODAY, dt.time(10, 20))).exists()


def test_came_late_where_the_place_is_gone_asks_first(one_place: House, clock: Traveller) -> None:
    away = full_after_absence(one_place, clock)
    door = browser(caregiver_of(one_place.institution))

    question = press(door, away, "arrive")
    away.refresh_from_db()
    before = away.status
    press(door, away, "arrive", over_ok="1")
    away.refresh_from_db()
    board = door.get(TODAY_URL).content.decode()

    assert question.status_code == 409
    assert ("超出 1 位" in question.content.decode(), "标过没来" in question.content.decode()) == (True, True)
    assert before == "absent"
    assert away.status == "arrived"
    assert "<b>超出 1 位</b>" in board


def test_htmx_is_led_to_the_question(one_place: House, clock: Traveller) -> None:
    away = full_after_absence(one_place, clock)
    door = browser(caregiver_of(one_place.institution))

    answer = door.post(reverse("workbench:mark", args=[away.public_id, "arrive"]), headers={"HX-Request": "true"})

    assert "超出 1 位" in door.get(answer.headers["HX-Redirect"]).content.decode()


def test_call_shows_the_number_and_writes_the_log(house: House, door: Client) -> None:
    booking = expected(house)
    phone = booking.family.members.get().user.phone

    plain = door.post(reverse("workbench:call", args=[booking.public_id]))
    part = door.post(reverse("workbench:call", args=[booking.public_id]), headers={"HX-Request": "true"})

    assert f'href="tel:{phone}"' in plain.content.decode()
    assert f'href="tel:{phone}"' in part.content.decode()
    assert "<html" not in part.content.decode()
    assert ChildAccess.objects.filter(child=booking.child, purpose="phone").count() == 2


def test_number_is_not_on_the_board(house: House, door: Client) -> None:
    booking = expected(house)

    assert booking.family.members.get().user.phone not in door.get(TODAY_URL).content.decode()


@pytest.mark.parametrize(("days", "shown"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_number_only_around_the_day(house: House, clock: Traveller, days: int, shown: bool) -> None:
    user, child = toddler()
    booking = booked(house, user=user, child=child, day=TODAY + dt.timedelta(days=3))
    clock.move_to(NOW + dt.timedelta(days=3 + days))
    door = browser(caregiver_of(house.institution))

    page = door.post(reverse("workbench:call", args=[booking.public_id])).content.decode()

    assert (f"tel:{user.phone}" in page) is shown
    assert ChildAccess.objects.filter(child=child, purpose="phone").exists() is shown


def test_reading_the_board_is_logged(house: House, door: Client) -> None:
    booking = expected(house)

    door.get(TODAY_URL)
    door.get(TODAY_URL)

    access = ChildAccess.objects.get(child=booking.child)
    assert (access.purpose, access.place) == ("today", house.institution.name)


def test_requests_are_answered(clock: Traveller) -> None:
    house = open_house(policy={"needs_acceptance": True})
    desk = browser(manager_of(house.institution))
    first = expected(house, day=TOMORROW, nickname="米米")
    second = expected(house, day=TOMORROW, nickname="乐乐")

    page = desk.get(TODAY_URL).content.decode()
    assert " ".join(page.split()).count("17 个月 托小班 计时托 首次") == 2
    desk.post(reverse("workbench:accept", args=[first.public_id]))
    missing = desk.post(reverse("workbench:decline", args=[second.public_id]), {"reason": "other"})
    desk.post(reverse("workbench:decline", args=[second.public_id]), {"reason": "other", "words": "当天体检"})
    first.refresh_from_db()
    second.refresh_from_db()

    assert "2 个预约等您答复" in page
    assert "请写下原因" in missing.content.decode()
    assert (first.status, second.status) == ("confirmed", "declined")
    assert second.events.get(to_status="declined").reason == "当天体检"


@pytest.mark.parametrize(("days_before", "shown"), [(3, False), (2, False), (1, True), (0, True)])
def test_allergies_of_a_request_are_shown_from_the_day_before(clock: Traveller, days_before: int, shown: bool) -> None:
    house = open_house(policy={"needs_acceptance": True})
    day = TODAY + dt.timedelta(days=days_before)
    booking = expected(house, day=day, starts=14, ends=17, nickname="果果", allergies="花生")

    page = browser(manager_of(house.institution)).get(TODAY_URL).content.decode()

    assert (f"/workbench/bookings/{booking.public_id}/accept/" in page, "果果" in page) == (True, True)
    assert ("花生" in page) is shown


def test_caregiver_sees_no_requests(clock: Traveller) -> None:
    house = open_house(policy={"needs_acceptance": True})
    expected(house, day=TOMORROW)

    page = browser(caregiver_of(house.institution)).get(TODAY_URL).content.decode()

    assert "等您答复" not in page
    assert "同意" not in page.replace("不同意", "")


def test_confirm_places_is_stamped(house: House, clock: Traveller) -> None:
    desk = browser(manager_of(house.institution))
    clock.shift(dt.timedelta(days=4))

    stale = desk.get(TODAY_URL).content.decode()
    desk.post(reverse("workbench:confirm"), {"back": "week"})
    fresh = desk.get(TODAY_URL).content.decode()

    assert "已经过时" in stale
    assert "空位今天 8:00 确认过" in fresh


def test_new_institution_gets_the_checklist(clock: Traveller) -> None:
    institution = InstitutionFactory(public=True)

    manager = browser(manager_of(institution)).get(TODAY_URL).content.decode()
    caregiver = browser(caregiver_of(institution)).get(TODAY_URL).content.decode()

    assert "做完这几步，家长就能预约" in manager
    assert "还没有设置班级" in caregiver
