"""Yesterday's children of whom nobody said how the stay ended: on the board, and in one form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.care.services import moves
from booking.care.services.ending import end_unanswered
from booking.places.models import Booking
from cms.accounts.models import ChildAccess
from cms.core.calendar.times import at, local
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, open_house, toddler
from tests.factories.workbench import browser, caregiver_of, manager_of

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller
PAGE = f"/workbench/days/{TODAY.isoformat()}/end/"
NEXT_DAY = NOW + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    return lay(lambda: open_house(policy={"cutoff_minutes": 0}))


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


def stay(house: House, *, came: bool = True, **child: str) -> Booking:
    """10–12 today; checked in at 9:58 and never out, or not marked at all."""
    user, made = toddler(**child)
    booking = booked(house, user=user, child=made, day=TODAY, starts=dt.time(10), ends=dt.time(12))
    known = {"actor": user, "institution": house.institution, "booking": booking.public_id}
    return moves.mark_arrived(**known, now=at(TODAY, dt.time(9, 58))) if came else booking


def send(desk: Client, *rows: tuple[Booking, dict[str, str]], page: str = PAGE) -> HttpResponse:
    data = {}
    for booking, values in rows:
        seen = values.pop("seen", booking.changed_at.isoformat())
        data[f"{booking.public_id}-seen"] = seen
        data |= {f"{booking.public_id}-{name}": value for name, value in values.items()}
    return desk.post(page, data)


def record(booking: Booking) -> tuple[str, str, str]:
    booking.refresh_from_db()
    came, left = (moment and f"{local(moment):%H:%M}" for moment in (booking.arrived_at, booking.left_at))
    return booking.status, came or "", left or ""


@pytest.mark.parametrize("night", [False, True])
def test_board_says_what_yesterday_left_open(house: House, desk: Client, clock: Traveller, night: bool) -> None:
    stay(house)
    stay(house)
    stay(house, came=False)
    clock.move_to(NEXT_DAY)
    if night:
        end_unanswered(now=NEXT_DAY)

    mine = desk.get("/workbench/").content.decode()
    caregivers = browser(caregiver_of(house.institution)).get("/workbench/").content.decode()

    for page in (mine, caregivers):
        assert ("昨天" in page, "2 名宝宝没有记离园，" in page, "1 名宝宝没有记到没到" in page) == (True, True, True)
    assert (PAGE in mine, PAGE in caregivers, "请负责人补上" in caregivers) == (True, False, True)


def test_board_says_nothing_where_all_is_said(house: House, desk: Client, clock: Traveller) -> None:
    booking = stay(house)
    known = {"actor": None, "institution": house.institution, "booking": booking.public_id}
    moves.mark_left(**known, now=at(TODAY, dt.time(12)))
    clock.move_to(NEXT_DAY)

    page = desk.get("/workbench/")

    assert (page.context["board"].open_days, "没有点" in page.content.decode()) == ([], False)


def test_one_form_answers_for_all(house: House, desk: Client, clock: Traveller) -> None:
    fetched, away, unknown = stay(house), stay(house, came=False), stay(house, came=False)
    clock.move_to(NEXT_DAY)

    shown = desk.get(PAGE).content.decode()
    done = send(
        desk,
        (fetched, {"state": "completed", "arrived": "9:58", "left": "11:50"}),
        (away, {"state": "absent"}),
        (unknown, {}),
    )

    assert 'value="9:58"' in shown
    assert done.url == "/workbench/"
    assert record(fetched) == ("completed", "09:58", "11:50")
    assert record(away) == ("absent", "", "")
    assert record(unknown) == ("confirmed", "", "")
    assert fetched.events.latest("at", "pk").reason == "当时忘了点"
    assert "已记下 2 名宝宝" in desk.get("/workbench/").content.decode()


def test_time_of_leaving_alone_says_that_the_child_came(house: House, desk: Client, clock: Traveller) -> None:
    booking = stay(house)
    clock.move_to(NEXT_DAY)

    send(desk, (booking, {"arrived": "9:58", "left": "12:05"}))

    assert record(booking) == ("completed", "09:58", "12:05")


def test_one_that_is_wrong_holds_back_no_other_and_keeps_what_was_typed(
    house: House, desk: Client, clock: Traveller
) -> None:
    good, wrong, odd = stay(house), stay(house, nickname="果果"), stay(house, nickname="点点")
    empty = stay(house, nickname="乐乐")
    clock.move_to(NEXT_DAY)

    answer = send(
        desk,
        (good, {"arrived": "9:58", "left": "12:00"}),
        (wrong, {"state": "completed", "arrived": "9:58", "left": "9:30"}),
        (odd, {"state": "completed", "arrived": "十点", "left": "12:00"}),
        (empty, {"arrived": "9:58"}),
    )

    page = answer.content.decode()
    assert record(good) == ("completed", "09:58", "12:00")
    assert [form.booking for form in answer.context["forms"]] == [wrong, odd, empty]
    assert [form.booking for form in answer.context["bad"]] == [wrong, odd]
    for words in ('value="9:30"', 'value="十点"', "离园要晚于到园", "时间请写成 9:40", "已记下 1 名宝宝"):
        assert words in page
    assert {record(booking)[0] for booking in (wrong, odd, empty)} == {"arrived"}


def test_second_of_two_managers_hears_that_it_was_answered(house: House, desk: Client, clock: Traveller) -> None:
    booking, other = stay(house), stay(house)
    clock.move_to(NEXT_DAY)
    send(desk, (booking, {"arrived": "9:58", "left": "11:00"}))
    desk.get("/workbench/")

    send(
        desk,
        (booking, {"state": "absent"}),
        (other, {"state": "absent", "seen": NOW.isoformat()}),
    )

    page = desk.get("/workbench/").content.decode()
    assert ("2 名宝宝刚才有人记过了，没有再改" in page, "已记下" in page) == (True, False)
    assert (record(booking), record(other)[0]) == (("completed", "09:58", "11:00"), "arrived")


def test_what_the_night_ended_is_asked_until_somebody_answers(house: House, desk: Client, clock: Traveller) -> None:
    booking = stay(house, came=False)
    clock.move_to(NEXT_DAY)
    end_unanswered(now=NEXT_DAY - dt.timedelta(hours=5))
    booking.refresh_from_db()

    asked = desk.get(PAGE).context["forms"]
    send(desk, (booking, {"state": "completed", "arrived": "10:10"}))

    assert [form.booking for form in asked] == [booking]
    assert record(booking) == ("completed", "10:10", "")
    page = desk.get(PAGE)
    assert (page.context["forms"], "这一天都记全了" in page.content.decode()) == ([], True)


@pytest.mark.parametrize(("clock_time", "asked"), [(dt.time(11, 59, 59), 0), (dt.time(12), 1)])
def test_today_asks_once_the_stay_is_over(
    house: House, desk: Client, clock: Traveller, clock_time: dt.time, asked: int
) -> None:
    stay(house)
    clock.move_to(at(TODAY, clock_time))

    assert len(desk.get(PAGE).context["forms"]) == asked


def test_board_leads_to_todays_end_when_time_is_over(house: House, desk: Client, clock: Traveller) -> None:
    stay(house)
    stay(house, came=False)
    clock.move_to(at(TODAY, dt.time(11, 59)))
    before = desk.get("/workbench/").content.decode()
    clock.move_to(at(TODAY, dt.time(12, 5)))
    after = desk.get("/workbench/").content.decode()

    assert (PAGE in before, PAGE in after) == (False, True)
    assert "2 名宝宝的时间过了" in after
    assert PAGE not in browser(caregiver_of(house.institution)).get("/workbench/").content.decode()


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (7, 200), (8, 404)])
def test_page_is_there_as_long_as_it_can_be_answered(
    house: House, desk: Client, clock: Traveller, days: int, status: int
) -> None:
    clock.move_to(NOW + dt.timedelta(days=days))

    assert desk.get(PAGE).status_code == status


@pytest.mark.parametrize(("days", "said"), [(7, True), (8, False)])
def test_board_asks_for_seven_days(house: House, desk: Client, clock: Traveller, days: int, said: bool) -> None:
    stay(house)
    clock.move_to(NOW + dt.timedelta(days=days))

    assert ("没有记离园" in desk.get("/workbench/").content.decode()) is said


def test_days_stand_with_the_last_one_first_and_only_this_house_counts(
    house: House, desk: Client, clock: Traveller
) -> None:
    stay(house)
    stay(open_house(policy={"cutoff_minutes": 0}))
    user, child = toddler()
    booked(house, user=user, child=child, day=TOMORROW)
    clock.move_to(NOW + dt.timedelta(days=2))

    days = desk.get("/workbench/").context["board"].open_days

    assert [(day.day, day.not_fetched, day.not_marked) for day in days] == [(TOMORROW, 0, 1), (TODAY, 1, 0)]


def test_looking_is_logged(house: House, desk: Client, clock: Traveller) -> None:
    booking = stay(house)
    clock.move_to(NEXT_DAY)

    desk.get(PAGE)

    access = ChildAccess.objects.get(child=booking.child)
    assert (access.purpose, access.place, access.district_code) == (
        "day", house.institution.name, house.institution.district.code,
    )  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_the_same_number_of_queries(house: House, desk: Client, clock: Traveller, number: int) -> None:
    for _number in range(number):
        stay(house)
    clock.move_to(NEXT_DAY)
    desk.get(PAGE)

    with CaptureQueriesContext(connection) as queries:
        desk.get(PAGE)

    assert len(queries) == 7


@pytest.mark.parametrize("came", [False, True])
def test_came_and_nothing_more_known_is_recorded_after_the_night(
    house: House, desk: Client, clock: Traveller, came: bool
) -> None:
    booking = stay(house, came=came)
    clock.move_to(NEXT_DAY)
    end_unanswered(now=NEXT_DAY - dt.timedelta(hours=5))
    booking.refresh_from_db()

    send(desk, (booking, {"state": "completed", "arrived": "9:58" if came else ""}))

    page = desk.get("/workbench/")
    assert "已记下 1 名宝宝" in page.content.decode()
    assert (page.context["board"].open_days, desk.get(PAGE).context["forms"]) == ([], [])
    assert record(booking) == ("completed", "09:58" if came else "", "")


def test_not_known_on_the_page_of_one_stay_is_an_answer_too(house: House, desk: Client, clock: Traveller) -> None:
    booking = stay(house, came=False)
    clock.move_to(NEXT_DAY)
    end_unanswered(now=NEXT_DAY - dt.timedelta(hours=5))
    booking.refresh_from_db()
    answer = {"state": "unknown", "seen": booking.changed_at.isoformat(), "reason": "other", "words": "问过了"}

    desk.post(f"/workbench/bookings/{booking.public_id}/correct/", answer)

    assert desk.get(PAGE).context["forms"] == []
    assert "补记：别的不清楚" in desk.get(f"/workbench/bookings/{booking.public_id}/").content.decode()
