"""What ran out and was not swept yet never stands in the way of a hold, whoever clears it away."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import expiry, holds
from booking.places import refusals
from booking.places.models import Booking
from booking.places.queries.ledger import ledger_differences
from booking.places.queries.offers import Offer, list_offers
from booking.places.services.cells import PlacesGone
from tests.factories.booking import NOW, TOMORROW, booked, hold, open_house, toddler

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(minutes=16)


def small_house():
    return open_house(places=1, caregivers=1, regular_places=0)


def test_overdue_holds_of_the_place_and_of_the_child_are_both_cleared():
    full, elsewhere = small_house(), open_house()
    (user, child), (other, other_child) = toddler(), toddler()
    hold(elsewhere, user=user, child=child)
    hold(full, user=other, child=other_child)

    made = hold(full, user=user, child=child, now=LATER)

    assert made.status == Booking.Status.HELD
    assert sorted(Booking.objects.exclude(pk=made.pk).values_list("status", flat=True)) == ["expired", "expired"]
    assert list(ledger_differences()) == []


@pytest.mark.parametrize("name", ["expire_overdue_in", "expire_overdue_of_child"])
def test_the_place_is_held_where_the_sweep_was_faster(monkeypatch, name):
    full, elsewhere = small_house(), open_house()
    (user, child), (other, other_child) = toddler(), toddler()
    if name == "expire_overdue_in":
        hold(full, user=other, child=other_child)
    else:
        hold(elsewhere, user=user, child=child)
    clear = getattr(holds, name)

    def sweep_first(*args, **kwargs):
        expiry.expire_overdue(now=LATER)
        return clear(*args, **kwargs)

    monkeypatch.setattr(holds, name, sweep_first)

    assert hold(full, user=user, child=child, now=LATER).status == Booking.Status.HELD


def test_a_live_hold_keeps_its_place_where_another_ran_out():
    house = open_house(places=2, caregivers=1, regular_places=0)
    (user, child), (other, other_child), (third, third_child) = toddler(), toddler(), toddler()
    first = hold(house, user=other, child=other_child, now=NOW + dt.timedelta(minutes=10))
    lapsed = hold(house, user=third, child=third_child)
    hold(house, user=third, child=third_child, now=LATER)

    with pytest.raises(refusals.Full):
        hold(house, user=user, child=child, now=LATER)

    first.refresh_from_db()
    lapsed.refresh_from_db()
    assert (first.status, lapsed.status) == (Booking.Status.HELD, Booking.Status.EXPIRED)


def test_places_lost_twice_to_others_are_full(monkeypatch):
    house = open_house()
    user, child = toddler()
    takes = []

    def lose(*args):
        takes.append(args)
        raise PlacesGone

    monkeypatch.setattr(holds, "_take", lose)

    with pytest.raises(refusals.Full):
        hold(house, user=user, child=child)
    assert len(takes) == 2


def test_alternatives_count_what_ran_out_as_the_offers_do():
    house = small_house()
    (first, first_child), (second, second_child), (user, child) = toddler(), toddler(), toddler()
    booked(house, user=first, child=first_child, starts=dt.time(14), ends=dt.time(16))
    hold(house, user=second, child=second_child, starts=dt.time(8), ends=dt.time(10))

    with pytest.raises(refusals.Full) as refused:
        hold(house, user=user, child=child, starts=dt.time(14), ends=dt.time(16), now=LATER)

    offers = list_offers(institution=house.institution, age_months=17, day=TOMORROW, now=LATER)
    assert stays(refused.value.extra["alternatives"]) == stays(offers)
    assert min(offer.starts_at for offer in offers).astimezone(NOW.tzinfo).hour == 8


def stays(offers: list[Offer]) -> list[tuple[str, dt.datetime, dt.datetime, int]]:
    return [(offer.mode, offer.starts_at, offer.ends_at, offer.remaining) for offer in offers]
