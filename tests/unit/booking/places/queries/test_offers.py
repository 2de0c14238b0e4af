from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.holds import hold_care
from booking.places.queries.offers import list_offers
from cms.core.calendar.times import at, local
from directory.districts.class_kinds import CareMode
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, open_house, toddler

pytestmark = pytest.mark.django_db


def offers(house, *, day=TOMORROW, age=17, now=NOW, mode=None):
    found = list_offers(institution=house.institution, age_months=age, day=day, now=now)
    return [offer for offer in found if mode in (None, offer.mode)]


def clocks(found):
    return [f"{local(o.starts_at):%H:%M}-{local(o.ends_at):%H:%M}" for o in found]


def test_free_day_offers_every_mode():
    house = open_house()

    assert clocks(offers(house, mode=CareMode.FULL_DAY)) == ["08:00-18:00"]
    assert clocks(offers(house, mode=CareMode.HALF_DAY)) == ["08:00-12:00"]
    assert clocks(offers(house, mode=CareMode.TEMPORARY)) == [
        "08:00-10:00",
        "10:00-12:00",
        "12:00-14:00",
        "14:00-16:00",
        "16:00-18:00",
    ]
    hourly = offers(house, mode=CareMode.HOURLY)
    assert (len(hourly), clocks(hourly)[0], clocks(hourly)[-1]) == (19, "08:00-09:00", "17:00-18:00")


def test_each_offer_is_good_as_a_booking():
    house = open_house(regular_places=0)

    for number, offer in enumerate(offers(house)[:8]):
        user, child = toddler()
        held = hold_care(
            user=user,
            institution=house.institution.public_id,
            child=child.public_id,
            mode=offer.mode,
            product=offer.product.public_id,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            key=str(number),
            now=NOW,
        )
        assert held.booking.amount == offer.amount


def test_hourly_offer_ends_before_the_full_hours():
    house = open_house(regular_places=9)
    user, child = toddler()
    booked(house, user=user, child=child)

    found = offers(house, mode=CareMode.HOURLY)

    first = found[0]
    assert (local(first.starts_at).hour, local(first.max_ends_at).hour) == (8, 14)
    assert "14:00-15:00" not in clocks(found)
    assert clocks(found)[-1] == "17:00-18:00"


def test_offers_of_today_leave_out_what_is_too_late():
    house = open_house()
    now = at(TODAY, dt.time(9, 10))

    assert clocks(offers(house, day=TODAY, now=now, mode=CareMode.TEMPORARY))[0] == "10:00-12:00"
    assert clocks(offers(house, day=TODAY, now=now, mode=CareMode.HOURLY))[0] == "11:30-12:30"
    assert offers(house, day=TODAY, now=now, mode=CareMode.FULL_DAY) == []


def test_nothing_is_offered_beyond_the_window_or_for_another_age():
    house = open_house()

    assert offers(house, day=TODAY + dt.timedelta(days=15)) == []
    assert offers(house, age=30) == []
    assert offers(house, age=5) == []
