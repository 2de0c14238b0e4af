"""A family's booking as it is locked, with its institution's rules."""

from __future__ import annotations

import pytest

from booking.care.services.booking_rows import lock_own_booking
from booking.places.models import BookingPolicy, PlacesConfirmation
from booking.places.refusals import NotThere
from tests.factories.booking import NOW, hold, open_house, toddler

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("saved", [True, False])
def test_rules_are_those_of_the_institution_also_where_none_were_saved(saved):
    house = open_house(days=2)
    open_house(days=2, policy={"needs_acceptance": True})
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    if saved:
        BookingPolicy.objects.create(institution=house.institution, needs_acceptance=True, cutoff_minutes=7)

    found, policy, confirmed_at = lock_own_booking(user=user, public_id=booking.public_id)

    assert (found, policy.institution_id) == (booking, house.institution.pk)
    assert confirmed_at == NOW
    assert (policy.pk is not None, policy.needs_acceptance, policy.cutoff_minutes == 7) == (saved, saved, saved)


def test_booking_of_another_family_is_not_there():
    house = open_house(days=2)
    user, child = toddler()
    booking = hold(house, user=user, child=child)

    with pytest.raises(NotThere):
        lock_own_booking(user=toddler()[0], public_id=booking.public_id)


def test_institution_that_never_vouched_for_its_places_says_so():
    house = open_house(days=2)
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    PlacesConfirmation.objects.filter(institution=house.institution).delete()

    assert lock_own_booking(user=user, public_id=booking.public_id).places_confirmed_at is None
