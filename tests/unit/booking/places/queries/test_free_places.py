"""What the reader finds in the database; what follows from it is tested without one (test_bookable_days)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.places.models import Booking, BookingPolicy, CapacityPool
from booking.places.queries.free_places import read_bookable_days, read_day
from booking.places.services.freshness import confirm_places
from cms.core.calendar.times import at
from directory.register.models import CareProduct, ClassGroup, ClosingDay, Institution
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def read(house, **asked):
    given = {"day": TOMORROW, "now": NOW, **asked}
    return read_day(institution=house.institution, **given)


def least(house, starts=14, ends=17, bucket="toddler", day=TOMORROW, **asked):
    return read(house, **asked).cells(day, bucket).least(starts * 60, ends * 60) or 0


def test_all_that_decides_is_read():
    house = full_house()

    found = read(house)

    assert found.institution_id == house.institution.pk
    assert (found.takes_bookings, found.confirmed_at, found.stale) == (True, NOW, False)
    assert found.caregivers == {"toddler": 3, "infant": 1, "mixed": 1}
    assert found.rasters == {"toddler": 30, "infant": 30, "mixed": 30, "all": 30}
    offered = found.offered(TOMORROW, "toddler")
    assert [(product.fee, product.mode, product.block_minutes) for product in offered] == [
        (700, "hourly", None),
        (900, "hourly", None),
        (2000, "temporary", 60),
        (3000, "temporary", 120),
        (4500, "half_day", None),
        (8000, "full_day", None),
    ]
    morning = next(product for product in found.products if product.mode == "half_day")
    row = house.products["half_day"]
    assert (morning.pk, morning.public_id, morning.part, morning.starts, morning.ends, morning.inclusive) == (
        row.pk,
        row.public_id,
        "morning",
        dt.time(8),
        dt.time(12),
        False,
    )


def test_places_of_class_and_house():
    house = full_house()

    # Two groups of the class: 6 all day, 3 more from 9 to 17.
    assert [least(house, hour, hour + 1) for hour in (7, 8, 9, 16, 17, 18)] == [0, 6, 9, 9, 6, 0]
    assert (least(house, bucket="mixed"), least(house, bucket="infant")) == (4, 3)
    assert least(house.other) == 6


def test_house_is_the_limit_where_it_has_less():
    house = full_house()
    CapacityPool.objects.get(institution=house.institution, bucket="all").cells.update(target=2, capacity=2)

    assert (least(house), least(house, bucket="mixed")) == (2, 2)


def test_booked_places_are_taken_from_class_and_house():
    house = full_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    assert (least(house), least(house, 16, 18), least(house, 17, 18), least(house, 13, 14)) == (8, 6, 6, 9)
    assert least(house.other) == 6


@pytest.mark.parametrize(("minutes", "free"), [(14, 8), (15, 9), (16, 9)])
def test_a_hold_that_ran_out_counts_as_free(minutes, free):
    house = full_house()
    user, child = toddler()
    hold(house, user=user, child=child)

    assert least(house, now=NOW + dt.timedelta(minutes=minutes)) == free


def test_a_request_that_ran_out_counts_as_free_and_a_confirmed_booking_never_does():
    house = full_house(policy={"needs_acceptance": True})
    user, child = toddler()
    request = booked(house, user=user, child=child)
    late = request.expires_at

    assert [least(house, now=moment) for moment in (late - dt.timedelta(seconds=1), late)] == [8, 9]

    BookingPolicy.objects.update(needs_acceptance=False)
    user, child = toddler()
    booked(house, user=user, child=child)
    assert least(house, now=late) == 8


def test_a_class_that_is_over_shows_no_place_even_when_a_hold_runs_out():
    house = open_house(regular_places=8)
    for _ in range(2):
        user, child = toddler()
        hold(house, user=user, child=child)
    house.institution.capacity_pools.get(bucket="toddler").cells.update(target=0)

    assert least(house) == 0
    assert least(house, now=NOW + dt.timedelta(hours=1)) == 0


def test_closing_days_of_the_days_read():
    house = full_house()
    for day, made in ((TOMORROW, house), (TODAY, house), (TODAY, house.other)):
        ClosingDay.objects.create(institution=made.institution, date=day, reason="消毒", created_at=NOW)

    assert read(house, day=TODAY).closed.keys() == {TODAY}
    assert read(house, day=TODAY, days=2).closed.keys() == {TODAY, TOMORROW}
    assert read(house, day=TOMORROW + dt.timedelta(days=1)).closed == {}
    assert read(house.other, day=TODAY, days=2).closed.keys() == {TODAY}


@pytest.mark.parametrize(
    ("state", "is_public"),
    [
        (Institution.State.DRAFT, False),
        (Institution.State.RECTIFICATION, True),
        (Institution.State.ENDED, False),
    ],
)
def test_only_an_active_institution_takes_bookings(state, is_public):
    house = full_house()
    Institution.objects.filter(pk=house.institution.pk).update(state=state, is_public=is_public)

    assert read(house).takes_bookings is False
    assert least(house) == 0


@pytest.mark.parametrize(("seconds", "stale"), [(-1, False), (0, False), (1, True)])
def test_places_are_stale_after_three_days(seconds, stale):
    house = full_house()
    then = NOW + dt.timedelta(days=3, seconds=seconds)

    assert read(house, now=then).stale is stale
    confirm_places(institution=house.institution, actor=None, now=then)
    assert read(house, now=then).stale is False


def test_never_confirmed_is_stale():
    house = full_house()
    house.institution.places_confirmation.delete()

    found = read(house)

    assert (found.confirmed_at, found.stale) == (None, True)


def test_rules_are_the_saved_ones_or_the_defaults():
    saved = {"raster_minutes": 15, "minimum_minutes": 45, "step_minutes": 15, "opens_days_ahead": 7}

    made, default = read(open_house(policy=saved)).terms, read(open_house()).terms

    assert [getattr(made, name) for name in saved] == list(saved.values())
    assert (made.cutoff_minutes, made.temporary_cutoff_minutes, made.free_cancel_clock) == (120, 0, dt.time(14))
    for name in ("raster_minutes", "minimum_minutes", "step_minutes", "opens_days_ahead", "cutoff_minutes"):
        assert getattr(default, name) == getattr(BookingPolicy(), name)
    assert (default.free_cancel_days_before, default.free_cancel_clock) == (1, dt.time(14))


def test_what_is_switched_off_is_not_there():
    house = full_house()
    CareProduct.objects.filter(institution=house.institution, mode="hourly").update(active=False)
    ClassGroup.objects.filter(institution=house.institution, kind="toddler").update(active=False)
    CapacityPool.objects.filter(institution=house.institution, bucket="toddler").update(active=False)

    found = read(house)

    assert {product.mode for product in found.products} == {"temporary", "half_day", "full_day"}
    assert found.caregivers == {"infant": 1, "mixed": 1}
    assert found.kinds == {"infant", "mixed"}
    assert dict(found.cells(TOMORROW, "toddler").remaining) == {}


def test_only_the_asked_classes_are_read():
    house = full_house()

    assert read(house, age_months=17).free.keys() == {"toddler", "all"}
    assert read(house, age_months=30).free.keys() == {"mixed", "all"}
    assert read(house).free.keys() == {"toddler", "infant", "mixed", "all"}
    # Nobody takes the age of the second: the best of all is shown there.
    both = [house.institution.pk, open_house(kind="infant", places=5).institution.pk]
    found = read_bookable_days(institution_ids=both, start=TOMORROW, now=NOW, age_months=17)
    assert [found[pk].free.keys() for pk in both] == [{"toddler", "infant", "mixed", "all"}, {"infant", "all"}]


def test_the_days_read_are_whole_days_and_no_more():
    house = full_house()

    found = read(house, day=TOMORROW, days=2)

    days = [TODAY + dt.timedelta(days=number) for number in range(4)]
    assert [len(found.cells(day, "toddler").remaining) for day in days] == [0, 20, 20, 0]
    remaining = found.cells(TOMORROW, "toddler").remaining
    assert (min(remaining), max(remaining), found.cells(TOMORROW, "toddler").step) == (480, 1050, 30)


def test_days_up_to_the_last_that_can_be_booked():
    house = open_house(policy={"opens_days_ahead": 5})
    furthest = TODAY + dt.timedelta(days=5)
    ClosingDay.objects.create(institution=house.institution, date=furthest, reason="休", created_at=NOW)

    found = read(house, day=TODAY, days=None)

    assert found.closed.keys() == {furthest}
    assert sorted(found.free["toddler"]) == [TODAY + dt.timedelta(days=number) for number in range(6)]


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_whatever_the_number(django_assert_num_queries, count):
    ids = [open_house(days=3).institution.pk for _ in range(count)]

    with django_assert_num_queries(2):
        found = read_bookable_days(institution_ids=ids, start=TODAY, days=3, now=NOW, age_months=17)

    assert sorted(found) == sorted(ids)


def test_nobody_asked_is_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert read_bookable_days(institution_ids=[], start=TODAY, now=NOW) == {}


def test_an_institution_without_classes_is_there_with_nothing():
    institution = Institution.objects.get(pk=open_house().institution.pk)
    CapacityPool.objects.filter(institution=institution).update(active=False)

    found = read_bookable_days(institution_ids=[institution.pk], start=TOMORROW, now=NOW, age_months=17)

    assert found[institution.pk].kinds == set()
    assert found[institution.pk].class_for(17) is None


def test_cells_of_midnight_belong_to_their_own_day():
    house = open_house()
    pool = house.institution.capacity_pools.get(bucket="toddler")
    for day in (TOMORROW, TOMORROW + dt.timedelta(days=1)):
        starts_at = at(day, dt.time.min)
        for each in (pool, house.institution.capacity_pools.get(bucket="all")):
            each.cells.create(starts_at=starts_at, ends_at=starts_at + dt.timedelta(minutes=30), target=1, capacity=1)

    remaining = read(house).cells(TOMORROW, "toddler").remaining

    assert (min(remaining), max(remaining), len(remaining)) == (0, 1050, 21)


def test_what_ran_out_is_joined_only_where_something_did():
    house = full_house()
    user, child = toddler()
    booking = hold(house, user=user, child=child)

    def joined(now):
        with CaptureQueriesContext(connection) as queries:
            read(house, now=now)
        return [Booking._meta.db_table in queries[1]["sql"], len(queries)]

    before = booking.expires_at - dt.timedelta(seconds=1)
    assert [joined(before), joined(booking.expires_at)] == [[False, 2], [True, 2]]
