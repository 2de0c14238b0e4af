"""Another step for hourly care: an hour costs what it did, and nothing that is booked changes."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingPolicy
from booking.places.services.policies import save_policy
from cms.core.errors import InvalidInput
from directory.register.models import ProductFee
from directory.register.services.fees import FeeNotWhole, carry_hourly_fees
from tests.factories.booking import NOW, TODAY, booked, open_house, toddler
from tests.factories.directory import CareProductFactory, ProductFeeFactory

pytestmark = pytest.mark.django_db


def change(house, step: int, **more) -> BookingPolicy:
    return save_policy(institution=house.institution, values={"step_minutes": step, **more}, now=NOW)


def fees(house) -> dict[str, list[int]]:
    rows = ProductFee.objects.filter(product__institution=house.institution).order_by("from_date", "class_kind")
    found: dict[str, list[int]] = {}
    for mode, fee in rows.values_list("product__mode", "fee"):
        found.setdefault(mode, []).append(fee)
    return found


@pytest.mark.parametrize(
    ("before", "after", "carried"),
    [(30, 60, 1800), (30, 15, 450), (60, 30, 450), (60, 15, 225), (15, 60, 3600), (15, 30, 1800), (30, 30, 900)],
)
def test_hour_costs_what_it_did(before, after, carried):
    house = open_house(days=0, policy={"step_minutes": before, "raster_minutes": 15})

    change(house, after)

    assert fees(house) == {"full_day": [8000], "half_day": [4500], "hourly": [carried], "temporary": [3000]}
    assert carried * 60 // after == 900 * 60 // before


def test_every_hourly_fee_follows_and_nobody_elses():
    house, other = open_house(days=0), open_house(days=0)
    ProductFeeFactory(product=house.products["hourly"], from_date=TODAY, fee=1000, monthly_fee=None)
    ProductFeeFactory(product=house.products["hourly"], from_date=TODAY + dt.timedelta(days=9), fee=1100)
    ProductFeeFactory(product=house.products["hourly"], from_date=TODAY, class_kind="toddler", fee=1200)
    CareProductFactory(institution=house.institution, hourly=True, active=False, fee=700, starts=dt.time(7))

    change(house, 60)

    assert sorted(fees(house)["hourly"]) == [1400, 1800, 2000, 2200, 2400]
    assert fees(other)["hourly"] == [900]


def test_there_and_back_is_the_same():
    house = open_house(days=0, policy={"raster_minutes": 15})

    for step in (60, 15, 30):
        change(house, step)

    assert fees(house)["hourly"] == [900]


def test_fee_that_can_not_be_divided_is_named_and_nothing_changes():
    house = open_house(days=0, policy={"step_minutes": 60, "raster_minutes": 15})
    ProductFeeFactory(product=house.products["hourly"], from_date=TODAY, fee=1850)

    with pytest.raises(FeeNotWhole) as refused:
        change(house, 15, opens_days_ahead=7)

    words = "18.50 元/小时按 15 分钟一档分不到整分，请选别的一档。"
    assert refused.value.fields == {"step_minutes": words}
    assert fees(house)["hourly"] == [900, 1850]
    policy = BookingPolicy.objects.get(institution=house.institution)
    assert (policy.step_minutes, policy.opens_days_ahead) == (60, 14)


def test_half_of_it_is_whole():
    house = open_house(days=0, policy={"step_minutes": 60})
    ProductFeeFactory(product=house.products["hourly"], from_date=TODAY, fee=1850)

    change(house, 30)

    assert fees(house)["hourly"] == [450, 925]


def test_what_is_booked_keeps_its_amount_and_the_next_costs_the_same():
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    second_user, second = toddler()

    change(house, 60)

    booking.refresh_from_db()
    assert (booking.amount, booked(house, user=second_user, child=second).amount) == (5400, 5400)


def test_first_rules_of_ones_own_carry_from_the_default():
    house = open_house(days=0)
    assert not BookingPolicy.objects.exists()

    change(house, 60)

    assert fees(house)["hourly"] == [1800]


def test_rules_that_are_refused_carry_nothing():
    house = open_house(days=0)

    with pytest.raises(InvalidInput):
        change(house, 60, minimum_minutes=0)

    assert fees(house)["hourly"] == [900]


def test_institution_without_hourly_care_has_nothing_to_carry():
    house = open_house(days=0)
    house.products["hourly"].delete()

    carry_hourly_fees(institution_id=house.institution.pk, step_before=30, step=60)

    assert "hourly" not in fees(house)
