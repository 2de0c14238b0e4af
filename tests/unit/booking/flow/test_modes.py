"""Which modes a family can ask for, and what the asked hours cost in each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from booking.flow.queries.modes import ModeQuestion, OfferedModes, read_modes
from booking.places.models import CapacityCell
from booking.places.queries.asked_stay import CoveringStay
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TODAY, TOMORROW, House, booked, full_house, open_house, toddler
from tests.factories.directory import CareProductFactory, ProductFeeFactory

pytestmark = pytest.mark.django_db
BORN = dt.date(2025, 6, 3)
AFTERNOON = (dt.time(14), dt.time(17))
MORNING = (dt.time(9), dt.time(11))


def read(house: House, now: dt.datetime = NOW, **question: Any) -> OfferedModes:
    asked = ModeQuestion(**{"day": TOMORROW, "span": AFTERNOON, "birth_date": BORN, **question})
    return read_modes(institution=house.institution, question=asked, now=now)


def stays(found: OfferedModes) -> dict[str, tuple[str, str, int] | None]:
    def clock(minute: int) -> str:
        return f"{minute // 60}:{minute % 60:02d}"

    return {
        each.mode.value: each.stay and (clock(each.stay.starts), clock(each.stay.ends), each.stay.amount)
        for each in found.modes
    }


def test_each_mode_prices_the_stay_that_covers_the_asked_hours() -> None:
    found = read(open_house())

    assert stays(found) == {
        "full_day": ("8:00", "18:00", 8000),
        "half_day": None,
        "hourly": ("14:00", "17:00", 5400),
        "temporary": ("14:00", "18:00", 6000),
    }


def test_cheapest_product_of_the_mode_counts() -> None:
    found = read(full_house(), span=MORNING)

    assert stays(found)["hourly"] == ("9:00", "11:00", 2800)
    assert stays(found)["temporary"] == ("9:00", "11:00", 4000)
    assert [product.fee for product in found.modes[2].products] == [700, 900]


def test_of_equal_prices_the_nearest_stay() -> None:
    house = open_house()
    CareProductFactory(institution=house.institution, starts=dt.time(13), ends=dt.time(17))

    assert stays(read(house))["full_day"] == ("13:00", "17:00", 8000)
    assert CoveringStay(0, 60, 5).order < CoveringStay(0, 61, 5).order < CoveringStay(0, 1, 6).order


@pytest.mark.parametrize(
    "question",
    [{"day": None}, {"span": None}, {"day": TODAY - dt.timedelta(days=1)}, {"day": TODAY + dt.timedelta(days=15)}],
)
def test_without_day_and_hours_that_can_be_asked_nothing_is_priced(question: dict[str, Any]) -> None:
    found = read(open_house(), **question)

    assert set(stays(found)) == {"full_day", "half_day", "hourly", "temporary"}
    assert set(stays(found).values()) == {None}


def test_full_hours_are_no_offer() -> None:
    house = open_house()
    CapacityCell.objects.filter(starts_at=at(TOMORROW, dt.time(17))).update(target=0, capacity=0)

    assert stays(read(house)) == {
        "full_day": None, "half_day": None, "hourly": ("14:00", "17:00", 5400), "temporary": None,
    }  # fmt: skip


def test_fees_are_those_of_the_asked_day_and_the_childs_class() -> None:
    house = open_house()
    later = TOMORROW + dt.timedelta(days=1)
    ProductFeeFactory(product=house.products["hourly"], fee=1000, from_date=later)
    ProductFeeFactory(product=house.products["full_day"], fee=9900, class_kind="toddler")

    assert [stays(read(house, day=day))["hourly"][2] for day in (TOMORROW, later)] == [5400, 6000]
    assert stays(read(house))["full_day"] == ("8:00", "18:00", 9900)
    assert [stays(read(house, birth_date=born))["full_day"][2] for born in (None, BORN)] == [9900, 9900]


@pytest.mark.parametrize(("days", "modes"), [(14, ["full_day"]), (15, [])])
def test_mode_that_begins_within_the_days_open_can_be_chosen(days: int, modes: list[str]) -> None:
    house = open_house()
    house.institution.products.all().delete()
    product = CareProductFactory(institution=house.institution, fee=False)
    ProductFeeFactory(product=product, fee=5000, from_date=TODAY + dt.timedelta(days=days))

    found = read(house, day=None)

    assert [each.mode for each in found.modes] == modes
    assert [each.products[0].fee for each in found.modes] == [5000] * len(modes)


def test_modes_not_booked_by_the_day_are_left_out() -> None:
    house = open_house()
    CareProductFactory(institution=house.institution, mode="half_month")

    assert "half_month" not in stays(read(house))


def test_number_of_queries(django_assert_num_queries: Any) -> None:
    house = full_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    with django_assert_num_queries(2):
        read(house)
