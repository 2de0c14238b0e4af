"""One key, one request, one booking."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.holds import hold_care
from booking.care.services.moves import confirm_booking
from booking.places import refusals
from booking.places.models import Booking
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TODAY, TOMORROW, hold, toddler

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"product": "hourly"},
        {"starts": dt.time(9, 30)},
        {"ends": dt.time(11, 30)},
        {"mode": "temporary", "starts": dt.time(8), "ends": dt.time(10)},
        {"day": TODAY + dt.timedelta(days=2)},
    ],
)
def test_key_serves_one_request_only(house, change):
    user, child = toddler()
    stay = {"starts": dt.time(9), "ends": dt.time(11)}
    first = hold(house, user=user, child=child, key="k", **stay)
    change = {name: house.products[value].public_id if name == "product" else value for name, value in change.items()}

    with pytest.raises(refusals.KeyReused):
        hold(house, user=user, child=child, key="k", **(stay | change))
    assert hold(house, user=user, child=child, key="k", **stay) == first


def test_replay_says_so_and_a_first_answer_does_not(house):
    user, child = toddler()
    request = {
        "user": user,
        "institution": house.institution.public_id,
        "child": child.public_id,
        "mode": "hourly",
        "starts_at": at(TOMORROW, dt.time(9)),
        "ends_at": at(TOMORROW, dt.time(11)),
        "key": "k",
        "now": NOW,
    }

    first, again = hold_care(**request), hold_care(**request)

    assert (first.replayed, again.replayed, first.booking == again.booking) == (False, True, True)


def test_held_booking_can_be_saved_again(house):
    user, child = toddler()
    booking = hold(house, user=user, child=child)

    booking.save()

    assert Booking.objects.get() == booking


def test_key_of_somebody_else_is_another_key(house):
    user, child = toddler()
    other, sibling = toddler()
    first = hold(house, user=user, child=child, key="k")

    assert hold(house, user=other, child=sibling, key="k") != first


def test_same_key_answers_although_the_window_has_closed_since(house):
    user, child = toddler()
    first = hold(house, user=user, child=child, key="k")
    confirm_booking(user=user, booking=first.public_id, now=NOW)

    assert hold(house, user=user, child=child, key="k", now=at(TOMORROW, dt.time(13))) == first


def test_key_is_required(house):
    user, child = toddler()

    with pytest.raises(refusals.KeyRequired):
        hold_care_without_key(house, user, child)


def hold_care_without_key(house, user, child):
    return hold_care(
        user=user,
        institution=house.institution.public_id,
        child=child.public_id,
        mode="hourly",
        starts_at=at(TOMORROW, dt.time(9)),
        ends_at=at(TOMORROW, dt.time(10)),
        key="",
        now=NOW,
    )
