"""The next booking on the first page of 我的: what it says of cancelling is what the booking's own page allows."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.moves import mark_arrived
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TOMORROW, Visit, booked, do, hold, open_house, toddler

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
START = at(TOMORROW, dt.time(14))


@pytest.fixture
def visit() -> Visit:
    house, (user, child) = open_house(), toddler()
    booking = booked(house, user=user, child=child, starts=dt.time(14), ends=dt.time(16))
    return Visit(house, booking, user)


@pytest.mark.parametrize(
    ("moment", "offered"), [(NOW, True), (START - SECOND, True), (START, False), (START + SECOND, False)]
)
def test_cancelling_is_offered_until_the_stay_begins(visit: Visit, sign_in, clock, moment, offered: bool) -> None:
    clock.move_to(moment)

    page = sign_in(visit.user).get("/me/").content.decode()

    assert visit.house.institution.name in page
    said = "免费取消。" in page or "现在取消也不扣钱" in page
    assert (f"/me/bookings/{visit.booking.public_id}/cancel/" in page, said) == (offered, offered)


def test_child_that_is_there_is_not_called_off(visit: Visit, sign_in, clock) -> None:
    early = START - dt.timedelta(minutes=10)
    do(mark_arrived, visit, early)
    clock.move_to(early)

    page = sign_in(visit.user).get("/me/").content.decode()

    assert "在园" in page
    assert "取消" not in page


def test_hold_is_to_be_confirmed_first(sign_in, clock) -> None:
    house, (user, child) = open_house(), toddler()
    held = hold(house, user=user, child=child)
    client = sign_in(user)

    page = client.get("/me/").content.decode()

    assert "还没确认，保留到 8:15" in page
    assert f'<a class="button button--small" href="/booking/check/{held.public_id}/">去确认</a>' in page
    assert ("免费取消" in page, f"/me/bookings/{held.public_id}/cancel/" in page) == (False, False)
    clock.move_to(held.expires_at)
    assert f"/booking/check/{held.public_id}/" not in client.get("/me/").content.decode()


def test_booking_has_nothing_to_confirm(visit: Visit, sign_in) -> None:
    page = sign_in(visit.user).get("/me/").content.decode()

    assert ("已预约" in page, "去确认" in page) == (True, False)


def test_hold_stands_before_what_is_booked_sooner(visit: Visit, sign_in) -> None:
    later = hold(visit.house, user=visit.user, child=visit.booking.child, day=TOMORROW + dt.timedelta(days=1))
    booked(visit.house, user=visit.user, child=visit.booking.child, day=TOMORROW + dt.timedelta(days=2))

    page = sign_in(visit.user).get("/me/").content.decode()

    confirm, booking = f"/booking/check/{later.public_id}/", f"/me/bookings/{visit.booking.public_id}/cancel/"
    assert -1 < page.find(confirm) < page.find(booking)
    assert (page.count("去确认"), page.count("看详情")) == (1, 2)
