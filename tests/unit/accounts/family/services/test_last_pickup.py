"""The last person who may fetch the children is not removed unasked while stays are booked."""

from __future__ import annotations

import pytest

from cms.accounts import ports
from cms.accounts.family.services import pickup
from cms.accounts.models import PickupPerson, User
from tests.factories.accounts import PickupPersonFactory
from tests.factories.booking import NOW, booked, open_house, toddler

pytestmark = pytest.mark.django_db


def remove(user: User, person: PickupPerson, **more: bool) -> int:
    pickup.remove_pickup_person(user=user, public_id=person.public_id, now=NOW, **more)
    return PickupPerson.objects.filter(family=person.family).count()


@pytest.fixture
def parent() -> User:
    user, child = toddler()
    booked(open_house(), user=user, child=child)
    PickupPersonFactory()
    return user


def test_last_person_is_asked_about_and_goes_once_that_is_known(parent: User) -> None:
    person = PickupPersonFactory(family=parent.family_member.family)

    with pytest.raises(pickup.LastPickupPerson):
        remove(parent, person)

    assert PickupPerson.objects.filter(pk=person.pk).exists()
    assert remove(parent, person, last_ok=True) == 0


def test_one_of_two_goes_without_a_question(parent: User) -> None:
    first, second = PickupPersonFactory.create_batch(2, family=parent.family_member.family)

    assert remove(parent, first) == 1
    with pytest.raises(pickup.LastPickupPerson):
        remove(parent, second)


def test_last_person_goes_where_nothing_is_booked() -> None:
    user, child = toddler()

    assert remove(user, PickupPersonFactory(family=child.family)) == 0


def test_stays_to_come_are_counted_by_booking(parent: User) -> None:
    other, _child = toddler()

    assert [ports.count_coming_bookings(user, now=NOW) for user in (parent, other)] == [1, 0]
