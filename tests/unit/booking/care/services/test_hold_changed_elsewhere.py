from __future__ import annotations

import datetime as dt

import pytest

from booking.care.queries.replacements import replacement_of
from booking.care.services import hold_change
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.moves import confirm_booking
from booking.care.services.replaced_holds import HoldReplaced
from booking.places import refusals
from booking.places.models import Booking
from booking.places.queries.ledger import ledger_differences
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TOMORROW, hold, open_house, toddler
from tests.races import Late

pytestmark = pytest.mark.django_db


def stay(house, child, starts=14, ends=17, **more) -> StayRequest:
    return StayRequest(
        institution=house.institution.public_id,
        child=child.public_id,
        mode=more.pop("mode", "hourly"),
        starts_at=at(TOMORROW, dt.time(starts)),
        ends_at=at(TOMORROW, dt.time(ends)),
        **more,
    )


def test_hold_that_another_page_changed_gives_way_as_what_it_became():
    house = open_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child, 8, 9), key="a", now=NOW)
    second = hold_or_replace(user=user, stay=stay(house, child, 11, 12, replaces=first.public_id), key="b", now=NOW)
    third = hold_or_replace(user=user, stay=stay(house, child, 14, 15, replaces=first.public_id), key="c", now=NOW)
    fourth = hold_or_replace(user=user, stay=stay(house, child, 16, 17, replaces=first.public_id), key="d", now=NOW)

    held = Booking.objects.filter(status=Booking.Status.HELD)
    assert list(held) == [fourth]
    became = [replacement_of(user, Booking.objects.get(pk=each.pk)) for each in (first, second, third, fourth)]
    assert became == [fourth, fourth, fourth, None]
    assert list(ledger_differences()) == []


def test_what_a_hold_became_is_nobody_elses():
    house = open_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child, 8, 9), key="a", now=NOW)
    hold_or_replace(user=user, stay=stay(house, child, 11, 12, replaces=first.public_id), key="b", now=NOW)
    stranger, own = toddler()

    hold_or_replace(user=stranger, stay=stay(house, own, 14, 15, replaces=first.public_id), key="c", now=NOW)

    assert replacement_of(stranger, Booking.objects.get(pk=first.pk)) is None
    assert Booking.objects.filter(status=Booking.Status.HELD).count() == 2


def test_confirmed_booking_stays_where_an_older_page_changes_it():
    house = open_house()
    user, child = toddler()
    first = hold_or_replace(user=user, stay=stay(house, child, 8, 9), key="a", now=NOW)
    confirm_booking(user=user, booking=first.public_id, now=NOW)

    hold_or_replace(user=user, stay=stay(house, child, 11, 12, replaces=first.public_id), key="b", now=NOW)

    assert sorted(Booking.objects.values_list("status", flat=True)) == ["confirmed", "held"]


def test_hold_changed_again_and_again_meanwhile_is_busy(monkeypatch):
    house = open_house()
    user, child = toddler()
    tries = []

    def changed_meanwhile(*args, **kwargs):
        tries.append(1)
        raise HoldReplaced

    monkeypatch.setattr(hold_change, "hold_care", changed_meanwhile)

    with pytest.raises(refusals.Busy):
        hold_or_replace(user=user, stay=stay(house, child), key="a", now=NOW)
    assert len(tries) == 3


def test_own_hold_made_meanwhile_gives_way_where_it_is_in_the_way(monkeypatch):
    house = open_house(regular_places=9)
    user, child = toddler()
    late = Late(hold_change._replace, lambda: hold(house, user=user, child=child))
    monkeypatch.setattr(hold_change, "_replace", late)

    booking = hold_or_replace(user=user, stay=stay(house, child, 15, 18), key="a", now=NOW)

    assert list(Booking.objects.filter(status=Booking.Status.HELD)) == [booking]
    assert list(ledger_differences()) == []
