from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.queries import stays
from cms.core.calendar.times import at
from directory.register.models import ClosingDay, Institution
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, open_house, toddler
from tests.factories.directory import CareProductFactory

pytestmark = pytest.mark.django_db


def choices(house, mode="hourly", born=dt.date(2025, 6, 3), now=NOW):
    return stays.read_choices(stays.Question(house.institution, born, mode, now))


def test_strip_tells_days_after_the_third_birthday():
    house = open_house(kind="senior_toddler", regular_places=0)

    days = stays.strip(choices(house, born=dt.date(2023, 11, 26)), around=None, span=None)

    assert [(day.places, day.problem) for day in days][:4] == [(10, ""), (10, ""), (10, ""), (0, "age")]


@pytest.mark.parametrize(
    ("ahead", "around", "first", "last"),
    [
        (5, 0, 0, 5),
        (13, 0, 0, 13),
        (14, 14, 0, 14),
        (19, 0, 0, 19),
        (20, 0, 0, 13),
        (20, 13, 0, 13),
        (20, 14, 14, 20),
        (34, 14, 14, 34 - 7),
        (34, 28, 28, 34),
        (33, 33, 14, 33),
    ],
)
def test_strip_shows_the_stretch_that_holds_the_day_and_no_stretch_of_a_few(ahead, around, first, last):
    house = open_house(policy={"opens_days_ahead": ahead})

    days = stays.strip(choices(house), around=TODAY + dt.timedelta(days=around), span=None)

    assert [day.day for day in days] == [TODAY + dt.timedelta(days=number) for number in range(first, last + 1)]


@pytest.mark.parametrize("around", [-1, 21])
def test_strip_of_a_day_out_of_the_window_begins_today(around):
    house = open_house(policy={"opens_days_ahead": 20})

    days = stays.strip(choices(house), around=TODAY + dt.timedelta(days=around), span=None)

    assert (days[0].day, len(days)) == (TODAY, 14)


def test_strip_counts_the_places_of_the_asked_hours():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    asked = stays.strip(choices(house), around=None, span=(dt.time(14), dt.time(17)))
    best = stays.strip(choices(house), around=None, span=None)

    assert (asked[1].places, best[1].places) == (5, 6)


def test_closing_day_and_rectification_offer_nothing():
    house = open_house()
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW)
    assert stays.strip(choices(house), around=None, span=None)[1].problem == "closed"
    house.institution.state = Institution.State.RECTIFICATION
    house.institution.save()

    assert stays.first_open_day(choices(house)) is None


def test_windows_say_why_they_cannot_be_had():
    house = open_house()
    house.institution.capacity_pools.get(bucket="toddler").cells.filter(starts_at__gte=NOW.replace(hour=16)).delete()

    found = stays.windows(choices(house, "temporary", now=NOW.replace(hour=9)), TODAY)

    assert [window.problem for window in found] == ["too_late", "", "", "", "outside_hours"]


def test_cheaper_product_stands_for_a_window():
    house = open_house()
    cheap = CareProductFactory(institution=house.institution, fee=6000, inclusive=True)

    found = stays.windows(choices(house, "full_day"), TOMORROW)

    assert [(window.product.pk, window.amount) for window in found] == [(cheap.pk, 6000)]


def test_free_hours_are_none_where_no_product_has_them():
    house = open_house()

    assert stays.free_hours(choices(house), TOMORROW, (dt.time(14), dt.time(14, 30))) is None


def test_number_of_queries_does_not_grow_with_the_days(django_assert_num_queries):
    house = open_house(policy={"opens_days_ahead": 20})

    with django_assert_num_queries(2):
        found = choices(house)
        stays.strip(found, around=None, span=None)
        stays.first_open_day(found)
        stays.hour_choices(found, TOMORROW)
        stays.windows(found, TOMORROW)


def told(window):
    return (
        f"{stays.at_clock(window.starts_at):%H:%M}-{stays.at_clock(window.ends_at):%H:%M}",
        window.amount,
        window.problem,
    )


def test_windows_of_the_modes():
    house = full_house()

    assert [told(each) for each in stays.windows(choices(house, "half_day"), TOMORROW)] == [("08:00-12:00", 4500, "")]
    found = [told(each) for each in stays.windows(choices(house, "hourly"), TOMORROW)]
    assert found == [
        ("08:00-10:00", 2800, ""),
        ("09:00-11:30", 3500, ""),
        ("14:00-17:00", 5400, ""),
        ("15:00-18:00", 5400, ""),
    ]
    blocks = [told(each)[:2] for each in stays.windows(choices(house, "temporary"), TOMORROW)]
    assert blocks[:4] == [("08:00-09:00", 2000), ("08:00-10:00", 3000), ("09:00-10:00", 2000), ("10:00-11:00", 2000)]
    assert blocks[-1] == ("16:00-18:00", 3000)
    assert len(blocks) == 14


def test_cheaper_product_is_the_one_that_costs_less_for_the_stay():
    house = full_house()
    # Per block the dear one is cheaper, for its two hours it is not.
    house.products["temporary"].fees.update(fee=2500)
    CareProductFactory(institution=house.institution, mode="full_day", starts=dt.time(8), ends=dt.time(10), fee=2400)

    found = {told(each)[0]: each.amount for each in stays.windows(choices(house, "temporary"), TOMORROW)}

    assert (found["08:00-10:00"], found["08:00-09:00"]) == (2500, 2000)


def test_of_two_equal_products_the_older_is_shown_and_taken():
    house = full_house()
    older, younger = house.products["hourly"], house.products["morning"]
    younger.fees.update(fee=900)
    user, child = toddler()

    shown = {told(each)[0]: each.product.pk for each in stays.windows(choices(house), TOMORROW)}
    taken = hold(house, user=user, child=child, starts=dt.time(9), ends=dt.time(11, 30))

    assert shown["09:00-11:30"] == older.pk == taken.product_id


@pytest.mark.parametrize(
    ("span", "answer"),
    [
        (("09:00", "10:00"), (1400, "")),
        (("09:00", "12:00"), (4200, "")),
        (("09:00", "12:30"), (6300, "")),
        (("09:00", "09:30"), None),
        (("17:30", "18:30"), None),
    ],
)
def test_free_hours_take_the_cheaper_product(span, answer):
    window = stays.free_hours(choices(full_house()), TOMORROW, tuple(map(dt.time.fromisoformat, span)))

    assert (window and (window.amount, window.problem)) == answer


def test_free_hours_say_what_stands_against_them():
    house = open_house(regular_places=9)
    user, child = toddler()
    booked(house, user=user, child=child)
    span = (dt.time(14), dt.time(17))

    assert stays.free_hours(choices(house), TOMORROW, span).problem == "full"
    assert stays.free_hours(choices(house), TODAY, span).problem == ""
    assert stays.free_hours(choices(house, now=at(TODAY, dt.time(12, 1))), TODAY, span).problem == "too_late"
    assert stays.free_hours(choices(house, born=dt.date(2023, 11, 20)), TODAY, span).problem == "age"


def test_hours_to_come_and_to_go():
    house = open_house(regular_places=9)
    user, child = toddler()
    booked(house, user=user, child=child, starts=dt.time(10), ends=dt.time(16))

    starts, ends = stays.hour_choices(choices(house), TOMORROW)

    assert starts == [dt.time(8), dt.time(8, 30), dt.time(9), dt.time(16), dt.time(16, 30), dt.time(17)]
    assert ends == [dt.time(9), dt.time(9, 30), dt.time(10), dt.time(17), dt.time(17, 30), dt.time(18)]


def test_opening_hours_are_those_of_the_products():
    found = sorted(stays.opening_hours(choices(full_house(), "hourly"), TOMORROW))

    assert (found[0], found[1], found[-1], len(found)) == (dt.time(8), dt.time(8, 30), dt.time(18), 21)
    assert stays.opening_hours(choices(full_house(), "half_month"), TOMORROW) == set()


def test_first_open_day_is_the_next_that_has_a_place():
    house = open_house(policy={"opens_days_ahead": 2})
    last = TODAY + dt.timedelta(days=2)
    cells = house.institution.capacity_pools.get(bucket="toddler").cells

    assert stays.first_open_day(choices(house)) == TODAY
    cells.filter(starts_at__lt=at(last, dt.time.min)).update(target=0, capacity=0)
    assert stays.first_open_day(choices(house)) == last
    cells.filter(starts_at__lt=at(last + dt.timedelta(days=1), dt.time.min)).update(target=0, capacity=0)
    assert stays.first_open_day(choices(house)) is None
    assert stays.first_open_day(choices(house, "half_month")) is None


def test_strip_ends_with_the_last_day_and_begins_today():
    house = open_house(policy={"opens_days_ahead": 20})
    days = [TODAY + dt.timedelta(days=number) for number in (-1, 0, 13, 14, 20, 21)]

    firsts = [stays.strip(choices(house), around=day, span=None)[0].day for day in days]

    later = TODAY + dt.timedelta(days=14)
    assert firsts == [TODAY, TODAY, TODAY, later, later, TODAY]
    assert len(stays.strip(choices(house), around=None, span=None)) == 14
    assert len(stays.strip(choices(open_house(policy={"opens_days_ahead": 3})), around=None, span=None)) == 4


def test_strip_says_why_a_day_has_nothing():
    house = open_house(days=2, policy={"opens_days_ahead": 3})
    house.institution.capacity_pools.get(bucket="all").cells.filter(
        starts_at__gte=at(TOMORROW, dt.time.min), starts_at__lt=at(TOMORROW + dt.timedelta(days=1), dt.time.min)
    ).update(target=0, capacity=0)

    found = stays.strip(choices(house, now=at(TODAY, dt.time(15, 0, 1))), around=None, span=None)

    assert [(day.problem, day.places) for day in found] == [("too_late", 0), ("full", 0), ("", 6), ("closed", 0)]


def test_strip_falls_back_to_other_hours_where_the_asked_are_gone():
    house = open_house(regular_places=9)
    user, child = toddler()
    booked(house, user=user, child=child)

    found = stays.strip(choices(house), around=None, span=(dt.time(14), dt.time(17)))

    assert [day.places for day in found[:3]] == [1, 1, 1]


def test_class_follows_the_age_on_the_day():
    house = full_house(policy={"opens_days_ahead": 3})
    page = choices(house, born=dt.date(2024, 11, 24))

    assert [page.class_on(day) for day in (TODAY, TOMORROW)] == ["toddler", "mixed"]
    assert [page.best(day).remaining for day in (TODAY, TOMORROW)] == [9, 4]
