from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.queries import stays
from directory.register.models import ClosingDay, Institution
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, open_house, toddler

pytestmark = pytest.mark.django_db


def ground(house, mode="hourly", born=dt.date(2025, 6, 3), now=NOW):
    return stays.read_ground(stays.Question(house.institution, born, mode, now))


def test_strip_tells_days_after_the_third_birthday():
    house = open_house(kind="senior_toddler", regular_places=0)

    days = stays.strip(ground(house, born=dt.date(2023, 11, 26)), around=None, span=None)

    assert [day.note for day in days][:4] == ["10位", "10位", "10位", "月龄外"]


def test_strip_shows_the_later_stretch_that_holds_the_day():
    house = open_house(policy={"opens_days_ahead": 20})
    later = TODAY + dt.timedelta(days=15)

    days = stays.strip(ground(house), around=later, span=None)

    assert (days[0].day, days[-1].day) == (TODAY + dt.timedelta(days=14), TODAY + dt.timedelta(days=20))


def test_strip_counts_the_places_of_the_asked_hours():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    asked = stays.strip(ground(house), around=None, span=(dt.time(14), dt.time(17)))
    best = stays.strip(ground(house), around=None, span=None)

    assert (asked[1].places, best[1].places) == (5, 6)


def test_closing_day_and_rectification_offer_nothing():
    house = open_house()
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW)
    assert stays.strip(ground(house), around=None, span=None)[1].note == "休"
    house.institution.state = Institution.State.RECTIFICATION

    assert stays.first_open_day(ground(house)) is None


def test_windows_say_why_they_cannot_be_had():
    house = open_house()
    house.institution.capacity_pools.get(bucket="toddler").cells.filter(starts_at__gte=NOW.replace(hour=16)).delete()

    found = stays.windows(ground(house, "temporary", now=NOW.replace(hour=9)), TODAY)

    assert [window.off for window in found] == ["已过最晚预约时间", "", "", "", "这段时间不开放"]


def test_cheaper_product_stands_for_a_window():
    house = open_house()
    dear = house.products["full_day"]
    cheap = type(dear).objects.create(
        institution=house.institution, mode="full_day", starts=dear.starts, ends=dear.ends, fee=6000, inclusive=True
    )

    found = stays.windows(ground(house, "full_day"), TOMORROW)

    assert [(window.product, window.amount) for window in found] == [(cheap, 6000)]


def test_free_hours_are_none_where_no_product_has_them():
    house = open_house()

    assert stays.free_hours(ground(house), TOMORROW, (dt.time(14), dt.time(14, 30))) is None


def test_number_of_queries_does_not_grow_with_the_days(django_assert_num_queries):
    house = open_house(policy={"opens_days_ahead": 20})

    with django_assert_num_queries(5):
        found = ground(house)
        stays.strip(found, around=None, span=None)
        stays.first_open_day(found)
        stays.hour_choices(found, TOMORROW)
        stays.windows(found, TOMORROW)
