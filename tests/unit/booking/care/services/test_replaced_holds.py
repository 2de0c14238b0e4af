"""Holds that are given back: the family's own, with a message each; whatever is no hold stays."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.replacements import replacement_id
from booking.care.services.moves import cancel_booking
from booking.care.services.replaced_holds import HoldReplaced, give_back_holds
from booking.care.services.transition import stream_of
from booking.places.models import Booking, CapacityCell
from booking.places.queries.ledger import ledger_differences
from cms.core.models import OutboxMessage
from tests.factories.booking import NOW, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db
MOMENT = NOW + dt.timedelta(minutes=1)
MORNING = {"starts": dt.time(9), "ends": dt.time(10)}


def moves_to_cancelled() -> list[str]:
    """The streams of the messages that announce it."""
    found = OutboxMessage.objects.filter(created_at=MOMENT).order_by("pk")
    return [message.stream for message in found if message.payload["to"] == "cancelled"]


def test_each_hold_that_is_given_back_is_announced_once():
    house = open_house()
    user, child = toddler()
    first, second = hold(house, user=user, child=child), hold(house, user=user, child=child, **MORNING)

    give_back_holds(user=user, ids=[second.pk, first.pk], to="another", now=MOMENT)
    give_back_holds(user=user, ids=[second.pk, first.pk], to="another", now=MOMENT)

    assert set(Booking.objects.values_list("status", flat=True)) == {"cancelled"}
    assert moves_to_cancelled() == [stream_of(first), stream_of(second)]
    assert not CapacityCell.objects.filter(taken__gt=0).exists()
    assert list(ledger_differences()) == []


def test_what_is_no_hold_of_the_family_stays_without_a_word():
    house = open_house()
    user, child = toddler()
    theirs = hold(house, user=(other := toddler())[0], child=other[1])
    confirmed = booked(house, user=user, child=child)

    give_back_holds(user=user, ids=[theirs.pk, confirmed.pk], to="another", now=MOMENT)

    assert dict(Booking.objects.values_list("pk", "status")) == {theirs.pk: "held", confirmed.pk: "confirmed"}
    assert moves_to_cancelled() == []


def test_hold_that_gave_way_to_a_third_booking_is_not_passed_over():
    house = open_house()
    user, child = toddler()
    first, second = hold(house, user=user, child=child), hold(house, user=user, child=child, **MORNING)
    give_back_holds(user=user, ids=[second.pk], to="another", now=MOMENT)

    with pytest.raises(HoldReplaced):
        give_back_holds(user=user, ids=[first.pk, second.pk], to="third", now=MOMENT)

    first.refresh_from_db()
    assert first.status == "held"


def test_hold_that_was_called_off_needs_nothing():
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    cancel_booking(user=user, booking=held.public_id, now=NOW)

    give_back_holds(user=user, ids=[held.pk], to="another", now=MOMENT)

    assert replacement_id(Booking.objects.get()) == ""
