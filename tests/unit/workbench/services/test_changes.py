"""A setting that would leave bookings over is named before it is saved, unless somebody accepts it."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import CapacityCell, PlacesConfirmation
from cms.workbench.services.changes import WouldOverbook, apply_change
from directory.register.models import ClassGroup
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, open_house, toddler

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """Ten places, four of them regular; two children are booked for tomorrow at two, one for the evening."""
    made = open_house()
    for starts, ends in ((14, 17), (14, 17), (17, 18)):
        user, child = toddler()
        booked(made, user=user, child=child, starts=dt.time(starts), ends=dt.time(ends))
    return made


def leave(house: House, places: int, *, accept_over: bool = False, now: dt.datetime = NOW) -> int:
    """Leave so many places to parents; returns what the act returned."""

    def act() -> int:
        house.group.opening_rules.update(regular_places=10 - places)
        return places

    return apply_change(institution=house.institution, act=act, accept_over=accept_over, now=now)


def regular(house: House) -> set[int]:
    return set(house.group.opening_rules.values_list("regular_places", flat=True))


def target(house: House, hour: int) -> int:
    cells = CapacityCell.objects.filter(pool__institution=house.institution, pool__bucket="toddler")
    moment = NOW.replace(hour=hour) + (TOMORROW - TODAY)
    return cells.get(starts_at=moment).target


@pytest.mark.parametrize("places", [2, 3, 6])
def test_change_that_leaves_enough_is_saved(house: House, places: int) -> None:
    assert leave(house, places) == places

    assert (regular(house), target(house, 14)) == ({10 - places}, places)


def test_change_that_leaves_too_little_is_named_and_not_saved(house: House) -> None:
    with pytest.raises(WouldOverbook) as caught:
        leave(house, 1)

    assert [(span.bucket, span.date, span.over) for span in caught.value.spans] == [("toddler", TOMORROW, 1)]
    assert [booking.starts_at.astimezone(NOW.tzinfo).hour for booking in caught.value.bookings] == [14, 14]
    assert [booking.pk for booking in caught.value.bookings] == sorted(b.pk for b in caught.value.bookings)
    assert (regular(house), target(house, 14)) == ({4}, 6)


def test_change_is_saved_where_it_is_accepted(house: House) -> None:
    assert leave(house, 1, accept_over=True) == 1

    assert (regular(house), target(house, 14)) == ({9}, 1)


def test_what_was_over_before_is_not_named_again_unless_it_grows_worse(house: House) -> None:
    leave(house, 1, accept_over=True)

    assert leave(house, 1) == 1
    with pytest.raises(WouldOverbook) as caught:
        leave(house, 0)
    assert len(caught.value.bookings) == 3


def test_what_is_over_in_the_past_is_nobodys_matter(house: House) -> None:
    later = NOW + dt.timedelta(days=2)

    assert leave(house, 0, now=later) == 0


def test_whoever_sets_the_places_confirms_them(house: House) -> None:
    later = NOW + dt.timedelta(hours=1)

    leave(house, 5, now=later)

    assert PlacesConfirmation.objects.get(institution=house.institution).places_confirmed_at == later
    assert ClassGroup.objects.count() == 1
