"""The full house and what happens in it."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from booking.places.models import BookingPolicy
from tests.factories.booking import House, Visit, booked, full_house, toddler


@pytest.fixture(scope="module")
def laid_house(lay: Callable[[Callable[[], House]], House]) -> House:
    return lay(full_house)


@pytest.fixture
def house(laid_house: House) -> House:
    """Two groups of a class, a mixed class, two products of a mode, another house."""
    return copy.deepcopy(laid_house)


@pytest.fixture
def visit(house: House) -> Visit:
    """A confirmed stay of tomorrow 14–17."""
    user, child = toddler()
    return Visit(house, booked(house, user=user, child=child), user)


@pytest.fixture
def request_(house: House) -> Visit:
    """A request for tomorrow 14–17, which the institution decides on."""
    BookingPolicy.objects.create(institution=house.institution, needs_acceptance=True)
    user, child = toddler()
    return Visit(house, booked(house, user=user, child=child), user)
