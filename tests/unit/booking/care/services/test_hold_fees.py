"""A booking is charged what holds on its day for the child's class, and keeps it."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.moves import confirm_booking
from booking.places import refusals
from booking.places.models import Booking
from booking.places.queries.offers import list_offers
from cms.core.calendar.times import at
from directory.register.services.fees import save_fee
from tests.factories.booking import NOW, TODAY, TOMORROW, House, full_house, hold, infant, open_house, toddler
from tests.factories.directory import ProductFeeFactory

pytestmark = pytest.mark.django_db
NEXT = TOMORROW + dt.timedelta(days=1)
DAY = {"mode": "full_day", "starts": dt.time(8), "ends": dt.time(18)}


@pytest.fixture
def dearer() -> House:
    """80 元 a day until tomorrow, then 90."""
    house = open_house()
    ProductFeeFactory(product=house.products["full_day"], fee=9000, from_date=NEXT)
    return house


@pytest.mark.parametrize(("day", "amount"), [(TOMORROW, 8000), (NEXT, 9000), (NEXT + dt.timedelta(days=1), 9000)])
def test_fee_is_that_of_the_day_of_the_stay(dearer: House, day: dt.date, amount: int) -> None:
    user, child = toddler()

    assert hold(dearer, user=user, child=child, day=day, **DAY).amount == amount
    assert {
        offer.amount
        for offer in list_offers(institution=dearer.institution, age_months=17, day=day, now=NOW)
        if offer.mode == "full_day"
    } == {amount}


def test_class_pays_its_own_fee_and_others_that_for_all() -> None:
    house = full_house()
    ProductFeeFactory(product=house.products["full_day"], fee=12000, class_kind="infant")
    amounts = []
    for user, child in (infant(), toddler()):
        amounts.append(hold(house, user=user, child=child, **DAY).amount)

    assert amounts == [12000, 8000]
    assert [
        {o.amount for o in list_offers(institution=house.institution, age_months=age, day=TOMORROW, now=NOW)
         if o.mode == "full_day"}
        for age in (8, 17)
    ] == [{12000}, {8000}]  # fmt: skip


def test_product_is_not_offered_before_its_first_fee() -> None:
    house = open_house()
    house.products["full_day"].fees.update(from_date=NEXT)
    user, child = toddler()

    with pytest.raises(refusals.NoSuchProduct):
        hold(house, user=user, child=child, **DAY)

    assert hold(house, user=user, child=child, day=NEXT, **DAY).amount == 8000


def test_cheapest_product_is_that_of_the_day(dearer: House) -> None:
    """Until tomorrow the full day costs less than the second product, from then on more."""
    second = type(dearer.products["full_day"]).objects.create(
        institution=dearer.institution, mode="full_day", starts=dt.time(8), ends=dt.time(18), inclusive=True
    )
    ProductFeeFactory(product=second, fee=8500)
    found = []
    for day in (TOMORROW, NEXT):
        user, child = toddler()
        found.append(hold(dearer, user=user, child=child, day=day, **DAY).product_id)

    assert found == [dearer.products["full_day"].pk, second.pk]


def test_held_amount_stays_through_a_new_fee_replay_and_confirming() -> None:
    house = open_house()
    user, child = toddler()
    held = hold(house, user=user, child=child, key="k", **DAY)
    new = {"from_date": TODAY, "fee": 9900, "class_kind": ""}
    save_fee(product=house.products["full_day"], values=new, now=NOW)

    replayed = hold(house, user=user, child=child, key="k", **DAY)
    confirmed = confirm_booking(user=user, booking=held.public_id, now=NOW)

    assert (held.amount, replayed.amount, confirmed.amount) == (8000, 8000, 8000)
    assert Booking.objects.get().amount == 8000


def test_changed_stay_is_charged_by_its_own_day(dearer: House) -> None:
    user, child = toddler()
    held = hold(dearer, user=user, child=child, **DAY)
    stay = StayRequest(
        institution=dearer.institution.public_id,
        child=child.public_id,
        mode="full_day",
        starts_at=at(NEXT, dt.time(8)),
        ends_at=at(NEXT, dt.time(18)),
        product="",
        replaces=held.public_id,
    )

    moved = hold_or_replace(user=user, stay=stay, key="other", now=NOW)

    assert moved.amount == 9000


def test_alternatives_cost_what_holds_on_the_day(dearer: House) -> None:
    dearer.institution.capacity_pools.get(bucket="toddler").cells.filter(starts_at=at(NEXT, dt.time(17, 30))).update(
        target=0, capacity=0
    )
    ProductFeeFactory(product=dearer.products["half_day"], fee=5000, from_date=NEXT, class_kind="toddler")
    user, child = toddler()

    with pytest.raises(refusals.Full) as full:
        hold(dearer, user=user, child=child, day=NEXT, **DAY)

    assert [each.amount for each in full.value.extra["alternatives"] if each.mode == "half_day"] == [5000]
