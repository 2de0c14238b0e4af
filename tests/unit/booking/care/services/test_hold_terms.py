"""Whose rules a hold goes by: the institution's own or the defaults, and the class of the day of service."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places import refusals
from cms.core.calendar.times import at
from tests.factories.booking import (
    TODAY,
    TOMORROW,
    full_house,
    hold,
    open_house,
    toddler,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return full_house()


def test_house_without_own_rules_has_the_defaults(house):
    user, child = toddler()

    booking = hold(house, user=user, child=child)

    assert booking.free_cancel_until == at(TODAY, dt.time(14))


def test_house_with_own_rules_goes_by_them():
    house = open_house(policy={"free_cancel_days_before": 0, "free_cancel_clock": dt.time(7), "minimum_minutes": 120})
    user, child = toddler()

    assert hold(house, user=user, child=child).free_cancel_until == at(TOMORROW, dt.time(7))
    with pytest.raises(refusals.TooShort):
        hold(house, user=user, child=child, starts=dt.time(9), ends=dt.time(10))


def test_class_of_the_day_of_service_counts(house):
    user, child = toddler(birth_date=TOMORROW.replace(year=TOMORROW.year - 1))

    first = hold(house, user=user, child=child, day=TODAY, starts=dt.time(14), ends=dt.time(15))
    second = hold(house, user=user, child=child, day=TOMORROW)

    assert (first.pool.bucket, second.pool.bucket) == ("infant", "toddler")
