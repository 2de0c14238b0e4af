"""Closing hours of today and of a class: who is left, what is over, and where staff read of it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.care.services import moves
from booking.places.models import Booking, CapacityCell
from cms.accounts.models import ChildAccess
from cms.core.calendar.times import at
from cms.core.runtime.outbox import drain
from directory.register.models import ClosingDay
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, full_house, toddler
from tests.factories.directory import ClosingDayFactory
from tests.factories.workbench import browser, caregiver_of, manager_of
from tests.integration.workbench.test_closing import DAY, close, three_booked, url

pytestmark = pytest.mark.django_db
Traveller = time_machine.Traveller


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    return lay(lambda: full_house(policy={"cutoff_minutes": 60}, days=5))


@pytest.fixture
def desk(house: House) -> Client:
    return browser(manager_of(house.institution))


def inside(house: House, *, came: dt.time | None = dt.time(9), **stay: object) -> Booking:
    """A child that is booked for today, and there since ``came``."""
    user, child = toddler()
    made = booked(house, user=user, child=child, day=TODAY, starts=dt.time(9, 30), ends=dt.time(15), **stay)
    if came is None:
        return made
    known = {"actor": user, "institution": house.institution, "booking": made.public_id, "early_ok": True}
    return moves.mark_arrived(**known, now=at(TODAY, came))


def test_closing_today_names_who_is_there_already(house: House, desk: Client, clock: Traveller) -> None:
    there, late = inside(house), inside(house, came=None)
    clock.move_to(at(TODAY, dt.time(10)))

    answer = desk.get(url("-new", first=TODAY))

    page = answer.content.decode()
    assert "现在在园 1 名，关闭后他们还在，请给家长打电话" in page
    assert "1 名的时间已经开始，还没到，预约不会自动取消" in page
    assert "还没有预约" not in page
    assert (list(answer.context["there"]), list(answer.context["late"])) == ([there], [late])
    for booking in (there, late):
        assert f'href="/workbench/bookings/{booking.public_id}/"' in page
    assert ChildAccess.objects.filter(purpose="closing").count() == 2
    close(desk, first=TODAY)
    there.refresh_from_db()
    assert there.status == "arrived"


@pytest.mark.parametrize(
    "query",
    [
        {"first": TOMORROW},
        {"first": TODAY, "opens": "15:00", "closes": "18:00"},
        {"first": TODAY, "class_kind": "infant"},
    ],
)
def test_children_whom_a_closing_does_not_touch_are_not_named(
    house: House, desk: Client, clock: Traveller, query: dict[str, object]
) -> None:
    inside(house)
    clock.move_to(at(TODAY, dt.time(10)))

    assert "这段时间还没有预约" in desk.get(url("-new", **query)).content.decode()


def test_closed_class_is_not_over_with_the_children_who_are_there(house: House, desk: Client, clock: Traveller) -> None:
    inside(house)
    clock.move_to(at(TODAY, dt.time(10)))

    close(desk, first=TODAY, opens="12:00", closes="15:00", class_kind="toddler")

    assert desk.get("/workbench/").context["board"].over == []
    assert "超出" not in desk.get(reverse("workbench:day", args=[TODAY])).content.decode()
    assert "超出" not in desk.get(reverse("workbench:week")).content.decode()


def test_closing_of_one_class_hides_no_other_that_is_over(house: House, desk: Client, clock: Traveller) -> None:
    inside(house)
    CapacityCell.objects.filter(pool__institution=house.institution, pool__bucket="toddler").update(target=0)
    clock.move_to(at(TODAY, dt.time(10)))
    for kind, minutes in (("infant", (0, 1440)), ("toddler", (0, 600)), ("toddler", (900, 1440))):
        ClosingDayFactory(
            institution=house.institution, date=TODAY, class_kind=kind, from_minute=minutes[0], to_minute=minutes[1]
        )
    ClosingDayFactory(institution=house.institution, date=TOMORROW)

    [over] = desk.get("/workbench/").context["board"].over

    assert (over.bucket, over.over, over.starts_at, over.ends_at) == (
        "toddler",
        1,
        at(TODAY, dt.time(10)),
        at(TODAY, dt.time(15)),
    )


def test_day_names_who_was_called_off_and_how_to_call_them(house: House, desk: Client, clock: Traveller) -> None:
    toddlers, others = three_booked(house)[:2], three_booked(house)[2:]
    other_day, child = toddler()
    booked(house, user=other_day, child=child, day=TOMORROW + DAY)
    by_hand = booked(house, **dict(zip(("user", "child"), toddler(), strict=True)))
    known = {"actor": None, "institution": house.institution, "now": NOW}
    moves.cancel_by_institution(**known, booking=by_hand.public_id, reason="别的原因")
    close(desk, first=TOMORROW, opens="12:00", closes="18:00", class_kind="toddler")
    drain(now=NOW)

    page = desk.get(reverse("workbench:day", args=[TOMORROW]))

    cancelled = page.context["cancelled"]
    assert {booking.pk for booking in toddlers} < {booking.pk for booking in cancelled}
    assert {booking.pool.bucket for booking in cancelled} == {"toddler"}
    assert by_hand not in cancelled
    assert others[0] not in cancelled
    assert "因休息取消了 4 个预约" in " ".join(page.content.decode().split())
    call = reverse("workbench:call", args=[toddlers[0].public_id])
    assert call in page.content.decode()
    assert 'href="tel:' in desk.post(call).content.decode()
    assert ChildAccess.objects.filter(child=toddlers[0].child, purpose="day").exists()


def test_who_was_called_off_long_before_the_day_is_named_without_a_telephone(house: House, desk: Client) -> None:
    day = TOMORROW + 2 * DAY
    user, child = toddler()
    made = booked(house, user=user, child=child, day=day)
    close(desk, first=day)
    drain(now=NOW)

    page = desk.get(reverse("workbench:day", args=[day])).content.decode()

    assert ("因休息取消了 1 个预约" in page, "电话从前一天到后一天可以看" in page) == (True, True)
    call = reverse("workbench:call", args=[made.public_id])
    assert (call in page, 'href="tel:' in desk.post(call).content.decode()) == (False, False)


def test_family_that_cancelled_itself_is_not_called(house: House, desk: Client) -> None:
    user, child = toddler()
    made = booked(house, user=user, child=child)
    moves.cancel_booking(user=user, booking=made.public_id, now=NOW)
    close(desk, first=TOMORROW)
    drain(now=NOW)

    assert desk.get(reverse("workbench:day", args=[TOMORROW])).context["cancelled"] == []
    assert 'href="tel:' not in desk.post(reverse("workbench:call", args=[made.public_id])).content.decode()


def test_board_and_week_say_what_is_closed(house: House, desk: Client, clock: Traveller) -> None:
    close(desk, first=TODAY, opens="12:00", closes="15:00", class_kind="toddler")
    close(desk, first=TOMORROW)

    for who in (desk, browser(caregiver_of(house.institution))):
        page = " ".join(who.get("/workbench/").content.decode().split())
        assert ("托小班 12:00–15:00 休息" in page, "停水检修" in page, "今天休息" in page) == (True, True, False)
    week = desk.get(reverse("workbench:week")).context["week"]
    closed = {row.bucket: [[part.clocks for part in day.parts] for day in row.days[:2]] for row in week.classes}
    assert closed["toddler"] == [[(dt.time(12), dt.time(15))], []]
    assert closed["infant"] == [[], []]
    assert "12:00–15:00 休息" in " ".join(desk.get(reverse("workbench:week")).content.decode().split())


@pytest.mark.parametrize(
    ("clock_time", "query", "over"),
    [
        (dt.time(17, 59), {}, False),
        (dt.time(18), {}, True),
        (dt.time(21), {"last": TOMORROW}, False),
        (dt.time(11, 59), {"opens": "10:00", "closes": "12:00"}, False),
        (dt.time(12), {"opens": "10:00", "closes": "12:00"}, True),
    ],
)
def test_what_is_over_is_not_closed_any_more(
    desk: Client, clock: Traveller, clock_time: dt.time, query: dict[str, object], over: bool
) -> None:
    clock.move_to(at(TODAY, clock_time))

    looked = desk.get(url("-new", first=TODAY, **query))
    seen = looked.context["impact"].mark if "impact" in looked.context else ""
    page = desk.post(url("-new", first=TODAY, **query), {"reason": "停水检修", "seen": seen}).content.decode()

    assert ("这段时间已经过了，不用再关" in page, ClosingDay.objects.exists()) == (over, not over)
