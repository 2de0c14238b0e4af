"""The booking that a choice was refused for."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.bookings import booking_in_the_way
from booking.care.services.moves import cancel_booking
from cms.core.calendar.times import at
from tests.factories.accounts import ChildFactory, FamilyMemberFactory
from tests.factories.booking import NOW, TOMORROW, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def in_the_way(user, child, starts: int, ends: int, *, now=NOW):
    span = {"starts_at": at(TOMORROW, dt.time(starts)), "ends_at": at(TOMORROW, dt.time(ends))}
    return booking_in_the_way(user, child=child.public_id, now=now, **span)


@pytest.mark.parametrize(
    ("starts", "ends", "found"),
    [(13, 14, False), (13, 15, True), (14, 17, True), (15, 16, True), (16, 18, True), (17, 18, False)],
)
def test_only_what_overlaps_is_in_the_way(starts, ends, found):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)

    assert in_the_way(user, child, starts, ends) == (booking if found else None)


def test_first_of_two_is_named():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child, starts=dt.time(14), ends=dt.time(16))
    first = booked(house, user=user, child=child, starts=dt.time(9), ends=dt.time(10))

    assert in_the_way(user, child, 8, 18) == first


def test_what_is_over_or_ran_out_is_not_in_the_way():
    house = open_house()
    user, child = toddler()
    gone = booked(house, user=user, child=child, starts=dt.time(9), ends=dt.time(10))
    cancel_booking(user=user, booking=gone.public_id, now=NOW)
    held = hold(house, user=user, child=child)

    assert in_the_way(user, child, 8, 18) == held
    assert in_the_way(user, child, 8, 18, now=held.expires_at) is None


def test_bookings_of_a_sibling_or_of_another_family_are_not_in_the_way():
    house = open_house()
    user, child = toddler()
    sibling = ChildFactory(family=child.family, birth_date=child.birth_date)
    booking = booked(house, user=user, child=child)
    grandmother = FamilyMemberFactory(family=child.family, role="carer").user
    stranger, _own = toddler()

    assert in_the_way(user, sibling, 14, 17) is None
    assert in_the_way(stranger, child, 14, 17) is None
    assert in_the_way(grandmother, child, 14, 17) == booking
