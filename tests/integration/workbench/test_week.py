"""The week of places and a day in numbers."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.places.models import Booking
from cms.core.calendar import times
from cms.workbench.queries.week import WeekDay
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, hold, open_house, toddler
from tests.factories.directory import ClosingDayFactory
from tests.factories.workbench import browser, manager_of

pytestmark = pytest.mark.django_db
WEEK = "/workbench/week/"


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


def book(house: House, number: int) -> list[Booking]:
    made = []
    for _index in range(number):
        user, child = toddler()
        made.append(booked(house, user=user, child=child, day=TOMORROW))
    return made


def test_hold_that_nobody_confirmed_is_told_apart_on_its_day(house: House, desk: Client) -> None:
    book(house, 1)
    user, child = toddler()
    hold(house, user=user, child=child, day=TOMORROW, starts=dt.time(16), ends=dt.time(18))

    answer = desk.get(reverse("workbench:day", args=[TOMORROW]))

    lines = {times.local(line.starts_at).time(): line.cells for line in answer.context["numbers"].lines}
    assert [[(cell.taken, cell.held) for cell in lines[dt.time(hour)]] for hour in (15, 16, 17)] == [
        [(1, 0), (1, 0)],
        [(1, 1), (1, 1)],
        [(0, 1), (0, 1)],
    ]
    assert "1 位有人正在约" in answer.content.decode()
    assert "约 2" not in answer.content.decode()


def test_week_counts_places_and_bookings(house: House, desk: Client) -> None:
    book(house, 2)
    ClosingDayFactory(institution=house.institution, date=TODAY + dt.timedelta(days=2), reason="消毒")

    page = desk.get(WEEK)
    week = page.context["week"]
    days = week.classes[0].days

    assert [(places_of(row), row.bookings, row.closed) for row in days[:3]] == [
        ({6}, 0, ""),
        ({4, 6}, 2, ""),
        (None, 0, "消毒"),
    ]
    assert "空 4–6 位" in page.content.decode()


def places_of(row: WeekDay) -> set[int] | None:
    return None if row.places is None else set(row.places.remaining.values())


@pytest.mark.parametrize("number", [1, 3])
def test_week_asks_the_same_number_of_queries(house: House, desk: Client, number: int) -> None:
    book(house, number)
    desk.get(WEEK)

    with CaptureQueriesContext(connection) as queries:
        desk.get(WEEK)

    assert len(queries) == 12


@pytest.mark.parametrize("number", [1, 3])
def test_day_asks_the_same_number_of_queries(house: House, desk: Client, number: int) -> None:
    book(house, number)
    page = reverse("workbench:day", args=[TOMORROW])
    desk.get(page)

    with CaptureQueriesContext(connection) as queries:
        desk.get(page)

    assert len(queries) == 16


@pytest.mark.parametrize("text", ["", "morgen", "1999-01-01"])
def test_odd_days_fall_back_to_today(house: House, desk: Client, text: str) -> None:
    assert desk.get(WEEK, {"from": text}).context["week"].start == TODAY


def test_next_week(house: House, desk: Client) -> None:
    assert desk.get(WEEK, {"from": "2026-11-30"}).context["week"].start == dt.date(2026, 11, 30)


def test_week_without_classes_says_what_to_do(house: House, desk: Client) -> None:
    house.institution.capacity_pools.all().delete()

    assert "这一周没有空位数据" in desk.get(WEEK).content.decode()


def test_day_shows_bookings_and_half_hours(house: House, desk: Client) -> None:
    booking = book(house, 1)[0]

    answer = desk.get(reverse("workbench:day", args=[TOMORROW]))
    page = answer.content.decode()
    free = {times.local(line.starts_at).time(): line.cells[0].free for line in answer.context["numbers"].lines}

    assert booking.child.nickname in page
    assert "约 1" in page
    assert (free[dt.time(13, 30)], free[dt.time(14)]) == (6, 5)


@pytest.mark.parametrize(("days", "shown"), [(0, 0), (1, 1), (2, 1), (3, 1), (4, 0)])
def test_day_shows_allergies_from_the_day_before_to_the_day_after(
    house: House, desk: Client, clock: time_machine.Traveller, days: int, shown: int
) -> None:
    user, child = toddler(allergies="花生")
    day = TODAY + dt.timedelta(days=2)
    booked(house, user=user, child=child, day=day)
    clock.move_to(NOW + dt.timedelta(days=days))

    page = desk.get(reverse("workbench:day", args=[day])).content.decode()

    assert page.count("花生过敏") == shown
    assert page.count(f"<b>{child.nickname}</b>") == 1


def test_booking_is_cancelled_with_a_reason(house: House, desk: Client) -> None:
    booking = book(house, 1)[0]
    page = reverse("workbench:cancel", args=[booking.public_id])

    question = desk.get(page).content.decode()
    desk.post(page, {"reason": "保育人员临时请假"})
    booking.refresh_from_db()

    assert "取消这次预约" in question
    assert booking.status == "cancelled"
    assert booking.events.get(to_status="cancelled").reason == "保育人员临时请假"
    assert booking.changed_at == NOW


def test_cancelled_booking_can_not_be_cancelled_again(house: House, desk: Client) -> None:
    booking = book(house, 1)[0]
    page = reverse("workbench:cancel", args=[booking.public_id])
    desk.post(page, {"reason": "保育人员临时请假"})

    answer = desk.post(page, {"reason": "保育人员临时请假"}, follow=True)

    assert "这次预约的状态已经变了" in answer.content.decode()


@pytest.mark.parametrize(("days", "calls"), [(-1, True), (0, True), (1, True), (2, False)])
def test_day_page_calls_around_the_day_and_comes_back(clock: time_machine.Traveller, days: int, calls: bool) -> None:
    house = open_house()
    user, child = toddler()
    made = booked(house, user=user, child=child, day=TOMORROW)
    clock.move_to(NOW + dt.timedelta(days=1 + days))
    desk = browser(manager_of(house.institution))
    page = f"/workbench/days/{TOMORROW.isoformat()}/"

    shown = desk.get(page).content.decode()
    number = desk.post(f"/workbench/bookings/{made.public_id}/call/").content.decode()

    assert (f"/workbench/bookings/{made.public_id}/call/" in shown) is calls
    assert (f"tel:{user.phone}" in number) is calls
    back = "/workbench/" if days == 0 else page
    assert f'href="{back}#b-{made.public_id}"' in number
