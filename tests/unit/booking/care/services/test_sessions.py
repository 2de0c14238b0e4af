from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves, sessions
from booking.care.services.transition import Mover
from booking.places import refusals
from booking.places.models import BookingEvent, ChildSlot
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TOMORROW, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def make(capacity: int = 1):
    return sessions.create_session_cell(
        starts_at=at(TOMORROW, dt.time(9, 30)), ends_at=at(TOMORROW, dt.time(10, 40)), capacity=capacity
    )


def sign_up(cell, *, slots=True, family=None):
    user, child = family or toddler()
    cell.refresh_from_db()
    seat = sessions.Seat(user=user, family=child.family, child=child, takes_child_slots=slots)
    return sessions.book_session(seat=seat, cell=cell, attach=lambda booking: None, now=NOW)


def test_session_takes_one_place_and_the_child_s_time():
    cell = make()

    booking = sign_up(cell)

    cell.refresh_from_db()
    assert (booking.status, cell.taken) == ("confirmed", 1)
    assert ChildSlot.objects.filter(booking=booking).count() == 5
    assert list(ledger_differences()) == []


def test_parent_class_leaves_the_child_free():
    booking = sign_up(make(), slots=False)

    assert ChildSlot.objects.filter(booking=booking).count() == 0


def test_full_session_is_refused():
    cell = make()
    sign_up(cell)

    with pytest.raises(refusals.Full):
        sign_up(cell)


def test_child_in_care_cannot_come():
    user, child = toddler()
    hold(open_house(), user=user, child=child, starts=dt.time(10), ends=dt.time(11))

    with pytest.raises(refusals.Duplicate):
        sign_up(make(), family=(user, child))


def test_cancelling_gives_the_place_back():
    cell = make()
    booking = sign_up(cell)
    by = Mover(BookingEvent.Side.PARENT, booking.created_by)

    for _ in range(2):
        sessions.cancel_session_booking(booking=booking, by=by, detach=lambda: None, now=NOW)

    cell.refresh_from_db()
    assert cell.taken == 0
    assert list(ledger_differences()) == []


def test_fewer_places_than_taken_keep_what_is_taken():
    cell = make(capacity=2)
    sign_up(cell)
    sign_up(cell)

    changed = sessions.change_session_cell(cell=cell, starts_at=cell.starts_at, ends_at=cell.ends_at, capacity=1)

    assert (changed.target, changed.taken, changed.capacity) == (1, 2, 2)
    assert list(ledger_differences()) == []


def test_bookings_follow_a_session_that_moves():
    cell = make()
    booking = sign_up(cell)
    day = TOMORROW + dt.timedelta(days=1)
    cell = sessions.change_session_cell(
        cell=cell, starts_at=at(day, dt.time(15)), ends_at=at(day, dt.time(16)), capacity=1
    )

    moved = sessions.move_session_bookings(cell=cell, now=NOW)

    booking.refresh_from_db()
    assert [b.pk for b in moved] == [booking.pk]
    assert (booking.starts_at, booking.service_date) == (at(day, dt.time(15)), day)
    assert ChildSlot.objects.filter(booking=booking, slot_at__gte=at(day, dt.time(15))).count() == 4


@pytest.mark.parametrize("act", [moves.confirm_booking, moves.cancel_booking])
def test_a_place_in_a_class_is_no_booking_of_care_to_move(act):
    user, child = toddler()
    booking = sign_up(make(), family=(user, child))

    with pytest.raises(refusals.NotThere):
        act(user=user, booking=booking.public_id, now=NOW)

    booking.refresh_from_db()
    assert booking.status == "confirmed"
