from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.hold_change import Wish, hold_wish
from booking.care.services.moves import cancel_booking, confirm_booking
from booking.places import refusals
from booking.places.models import Booking
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TOMORROW, booked, open_house, toddler

pytestmark = pytest.mark.django_db


def wish(house, child, starts=14, ends=17, **more) -> Wish:
    return Wish(
        institution=house.institution.public_id,
        child=child.public_id,
        mode="hourly",
        starts_at=at(TOMORROW, dt.time(starts)),
        ends_at=at(TOMORROW, dt.time(ends)),
        **more,
    )


def test_same_wish_answers_the_live_hold_whatever_the_key():
    house = open_house()
    user, child = toddler()

    first = hold_wish(user=user, wish=wish(house, child), key="a", now=NOW)
    second = hold_wish(user=user, wish=wish(house, child), key="b", now=NOW)

    assert second == first


def test_same_page_sent_after_confirming_answers_the_booking():
    house = open_house()
    user, child = toddler()
    first = hold_wish(user=user, wish=wish(house, child), key="a", now=NOW)
    confirm_booking(user=user, booking=first.public_id, now=NOW)

    assert hold_wish(user=user, wish=wish(house, child), key="a", now=NOW) == first


def test_same_page_sent_after_cancelling_asks_anew():
    house = open_house()
    user, child = toddler()
    first = hold_wish(user=user, wish=wish(house, child), key="a", now=NOW)
    cancel_booking(user=user, booking=first.public_id, now=NOW)

    second = hold_wish(user=user, wish=wish(house, child), key="a", now=NOW)

    assert second != first
    assert second.status == Booking.Status.HELD


def test_overlapping_hold_gives_way_and_the_ledger_stays_clean():
    house = open_house(regular_places=9)
    user, child = toddler()
    hold_wish(user=user, wish=wish(house, child), key="a", now=NOW)

    hold_wish(user=user, wish=wish(house, child, 15, 18), key="a", now=NOW)

    assert Booking.objects.filter(status=Booking.Status.HELD).count() == 1
    assert list(ledger_differences()) == []


def test_refusal_keeps_the_overlapping_hold():
    house = open_house(regular_places=9)
    other, sibling = toddler()
    booked(house, user=other, child=sibling, starts=dt.time(17), ends=dt.time(18))
    user, child = toddler()
    first = hold_wish(user=user, wish=wish(house, child), key="a", now=NOW)

    with pytest.raises(refusals.Full):
        hold_wish(user=user, wish=wish(house, child, 15, 18), key="b", now=NOW)

    first.refresh_from_db()
    assert first.status == Booking.Status.HELD
    assert list(ledger_differences()) == []


def test_confirmed_booking_of_the_child_stands_in_the_way():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    with pytest.raises(refusals.Duplicate):
        hold_wish(user=user, wish=wish(house, child, 15, 18), key="a", now=NOW)


def test_hold_of_another_family_is_never_replaced():
    house = open_house()
    user, child = toddler()
    other, sibling = toddler()
    theirs = hold_wish(user=other, wish=wish(house, sibling), key="a", now=NOW)

    hold_wish(user=user, wish=wish(house, child, replaces=theirs.public_id), key="b", now=NOW)

    theirs.refresh_from_db()
    assert theirs.status == Booking.Status.HELD
