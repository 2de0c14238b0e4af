"""The reader offers a product from the first day of its fee on, at the fee of the day and class."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.bookable_days import ANY_CLASS
from booking.places.queries.free_places import read_day
from booking.places.queries.who_can import find_free
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TODAY, TOMORROW, House, open_house
from tests.factories.directory import ProductFeeFactory

pytestmark = pytest.mark.django_db
NEXT = TOMORROW + dt.timedelta(days=1)
ALL = [("hourly", 900), ("temporary", 3000), ("half_day", 4500), ("full_day", 8000)]


def offered(house: House, day: dt.date, bucket: str | None = "toddler") -> list[tuple[str, int]]:
    days = read_day(institution=house.institution, day=TODAY, days=None, now=NOW)
    return [(product.mode, product.fee) for product in days.offered(day, bucket)]


def test_cheapest_of_the_day_first() -> None:
    house = open_house()
    ProductFeeFactory(product=house.products["half_day"], fee=100, from_date=NEXT)

    assert offered(house, TOMORROW) == ALL
    assert offered(house, NEXT)[0] == ("half_day", 100)


@pytest.mark.parametrize("bucket", [ANY_CLASS, None, "mixed"])
def test_fee_of_a_class_is_for_that_class_alone(bucket: str | None) -> None:
    house = open_house()
    ProductFeeFactory(product=house.products["half_day"], fee=100, class_kind="toddler")

    assert offered(house, TOMORROW)[0] == ("half_day", 100)
    assert offered(house, TOMORROW, bucket) == ALL


def test_product_is_offered_and_found_from_its_first_day_on() -> None:
    house = open_house()
    house.institution.products.exclude(mode="full_day").delete()
    house.products["full_day"].fees.update(from_date=NEXT)
    days = read_day(institution=house.institution, day=TODAY, days=None, now=NOW)
    found = []
    for day in (TOMORROW, NEXT):
        free = find_free(age_months=17, starts_at=at(day, dt.time(9)), ends_at=at(day, dt.time(11)), now=NOW)
        found.append((days.best_stay(day, "toddler").remaining, free.get(house.institution.pk, 0)))

    assert found == [(0, 0), (6, 6)]
    assert [days.first_minute(day) for day in (TOMORROW, NEXT)] == [24 * 60, 0]


def test_fee_of_a_class_alone_offers_nothing() -> None:
    house = open_house()
    house.institution.products.exclude(mode="full_day").delete()
    house.products["full_day"].fees.update(class_kind="toddler")

    assert offered(house, TOMORROW) == []
    assert (
        find_free(age_months=17, starts_at=at(TOMORROW, dt.time(9)), ends_at=at(TOMORROW, dt.time(11)), now=NOW) == {}
    )


@pytest.mark.parametrize(("days", "known"), [(57, 1), (58, 0)])
def test_fees_are_read_as_far_as_any_institution_opens(days: int, known: int) -> None:
    house = open_house()
    house.institution.products.exclude(mode="full_day").delete()
    house.products["full_day"].fees.update(from_date=TODAY + dt.timedelta(days=days))

    found = read_day(institution=house.institution, day=TODAY, now=NOW)

    assert len(found.products) == known
