"""Places that nobody vouches for any more cannot be confirmed at once."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from booking.places.models import PlacesConfirmation
from booking.places.services.freshness import confirm_places
from tests.factories.booking import NOW, hold, open_house, toddler

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("seconds", "status"), [(-1, "confirmed"), (0, "confirmed"), (1, "requested")])
def test_hold_on_stale_places_is_only_a_request(seconds, status):
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=3, seconds=seconds))
    confirm_places(institution=open_house().institution, actor=None, now=NOW)

    booking = moves.confirm_booking(user=user, booking=held.public_id, now=NOW)

    assert booking.status == status
    assert booking.expires_at == (NOW + dt.timedelta(days=1) if status == "requested" else None)


def test_hold_where_nobody_ever_vouched_for_the_places_is_only_a_request():
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child)
    PlacesConfirmation.objects.all().delete()

    assert moves.confirm_booking(user=user, booking=held.public_id, now=NOW).status == "requested"


def test_places_confirmed_while_they_were_held_are_confirmed_at_once():
    house = open_house()
    user, child = toddler()
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=4))
    held = hold(house, user=user, child=child)
    confirm_places(institution=house.institution, actor=None, now=NOW)

    assert moves.confirm_booking(user=user, booking=held.public_id, now=NOW).status == "confirmed"
