"""One move of a booking: what the table forbids, and what somebody else was first with, changes nothing."""

from __future__ import annotations

import pytest

from booking.care.services.transition import ActingParty, PendingEffects, change_state
from booking.places import refusals
from booking.places.models import Booking, BookingEvent
from booking.places.states import STATES, may_move
from tests.factories.booking import NOW, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db
FAMILY = ActingParty(BookingEvent.Side.PARENT)


@pytest.mark.parametrize("make", [hold, booked])
def test_move_that_the_table_forbids_is_refused(make) -> None:
    user, child = toddler()
    booking = make(open_house(), user=user, child=child)
    before, events = booking.status, BookingEvent.objects.count()
    forbidden = [to_status for to_status in STATES if not may_move(before, to_status)]
    assert before in forbidden

    for to_status in forbidden:
        pending = PendingEffects()
        with pytest.raises(refusals.WrongState):
            change_state(booking, to_status, by=FAMILY, now=NOW, pending=pending)
        assert (booking.status, pending) == (before, PendingEffects())

    assert (Booking.objects.get().status, BookingEvent.objects.count()) == (before, events)


def test_second_of_two_that_read_the_same_state_is_refused() -> None:
    user, child = toddler()
    booking = booked(open_house(), user=user, child=child)
    seen_before = Booking.objects.get()
    change_state(booking, "cancelled", by=FAMILY, now=NOW, pending=PendingEffects())
    events = BookingEvent.objects.count()

    with pytest.raises(refusals.WrongState):
        change_state(seen_before, "absent", by=FAMILY, now=NOW, pending=PendingEffects())

    assert (Booking.objects.get().status, BookingEvent.objects.count()) == ("cancelled", events)
