"""What the cheapest stay costs where the child can be taken."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.queries.provider import BookingAvailability
from cms.core.calendar.times import at
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.models import CareProduct
from tests.factories.booking import NOW, TOMORROW, open_house
from tests.factories.directory import ProductFeeFactory

pytestmark = pytest.mark.django_db


def able(starts="14:00", ends="17:00", *, age=17, day=TOMORROW, now=NOW, ids=None):
    """``{institution: places}``"""
    return BookingAvailability().institutions_with_places(
        age_months=age,
        starts_at=at(day, dt.time.fromisoformat(starts)),
        ends_at=at(day, dt.time.fromisoformat(ends)),
        now=now,
        institution_ids=ids,
    )


def keep(house, *modes):
    CareProduct.objects.filter(institution=house.institution).exclude(mode__in=modes).delete()


def places(house, *asked, **more):
    return able(*asked, **more).get(house.institution.pk, 0)


def priced(starts="14:00", ends="17:00", *, age=17, day=TOMORROW, **more):
    """``{institution: (places, amount)}``"""
    return BookingAvailability().institutions_with_prices(
        age_months=age,
        starts_at=at(day, dt.time.fromisoformat(starts)),
        ends_at=at(day, dt.time.fromisoformat(ends)),
        now=NOW,
        **more,
    )


@pytest.mark.parametrize(
    ("mode", "found"),
    [
        ("hourly", (6, 5400)),
        ("temporary", (6, 6000)),
        ("full_day", (6, 8000)),
        ("half_day", None),
        ("half_month", None),
    ],
)
def test_one_mode_is_asked_alone(mode, found):
    house = open_house()

    assert priced(mode=mode) == ({house.institution.pk: found} if found else {})
    assert BookingAvailability().institutions_with_places(
        age_months=17, starts_at=at(TOMORROW, dt.time(14)), ends_at=at(TOMORROW, dt.time(17)), now=NOW, mode=mode
    ) == ({house.institution.pk: found[0]} if found else {})


def test_steps_and_blocks_are_paid_for_whole():
    house = open_house(policy={"step_minutes": 60})
    keep(house, CareMode.HOURLY)
    blocks = open_house()
    keep(blocks, CareMode.TEMPORARY)
    CareProduct.objects.filter(institution=blocks.institution).update(block_minutes=180)

    assert priced("14:00", "17:00") == {house.institution.pk: (6, 2700), blocks.institution.pk: (6, 3000)}
    assert priced("13:00", "18:00") == {house.institution.pk: (6, 4500)}


def test_price_of_the_day_and_of_the_class_that_takes_the_child():
    house, other = open_house(), open_house(kind=ClassKind.MIXED, places=8)
    pk, mixed = house.institution.pk, other.institution.pk
    for each in (house, other):
        keep(each, CareMode.FULL_DAY)
        product = each.products["full_day"]
        ProductFeeFactory(product=product, fee=9000, from_date=TOMORROW + dt.timedelta(days=1))
        ProductFeeFactory(product=product, fee=7000, class_kind="toddler")
        ProductFeeFactory(product=product, fee=6000, class_kind="mixed")
        ProductFeeFactory(product=product, fee=5000, class_kind="infant")

    found = priced(age=20)

    assert {key: each.amount for key, each in found.items()} == {pk: 7000, mixed: 6000}
    other.products["full_day"].fees.filter(class_kind="mixed").delete()
    house.products["full_day"].fees.filter(class_kind="toddler").delete()
    amounts = [
        {key: each.amount for key, each in priced(age=20, day=TOMORROW + dt.timedelta(days=ahead)).items()}
        for ahead in (0, 1)
    ]
    assert amounts == [{pk: 8000, mixed: 8000}, {pk: 9000, mixed: 9000}]


def test_no_price_where_nobody_can():
    house = open_house()

    assert priced("17:00", "19:00") == priced(age=40) == priced("17:00", "14:00") == {}
    house.institution.capacity_pools.update(active=False)
    assert priced() == {}
