"""Which institutions can take a child for a span, among all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from booking.places.models import BookingPolicy, CapacityCell
from booking.places.queries.provider import BookingAvailability
from booking.places.services.freshness import confirm_places
from booking.places.services.generation import generate_cells
from cms.core.calendar.times import at
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.models import CareProduct, ClosingDay, Institution
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, open_house, toddler
from tests.factories.directory import CareProductFactory, ClassGroupFactory, OpeningRuleFactory

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


def test_places_are_the_least_over_the_span():
    house = full_house()
    user, child = toddler()
    booked(house, user=user, child=child, starts=dt.time(16), ends=dt.time(17))

    assert able() == {house.institution.pk: 8, house.other.institution.pk: 6}
    assert able("09:00", "10:00") == {house.institution.pk: 9, house.other.institution.pk: 6}
    assert able("08:00", "10:00") == {house.institution.pk: 6, house.other.institution.pk: 6}


def test_a_full_house_is_full_although_its_class_is_not():
    house = open_house()
    house.institution.capacity_pools.get(bucket="all").cells.filter(starts_at=at(TOMORROW, dt.time(15))).update(
        target=0, capacity=0
    )

    assert able() == {}
    assert able("15:30", "17:00") == {house.institution.pk: 6}


def test_a_full_class_is_full_although_the_house_is_not():
    house = open_house()
    house.institution.capacity_pools.get(bucket="toddler").cells.filter(starts_at=at(TOMORROW, dt.time(15))).update(
        target=0, capacity=0
    )

    assert able() == {}
    assert able("14:00", "15:00") == {house.institution.pk: 6}


@pytest.mark.parametrize("bucket", ["toddler", "all"])
def test_a_gap_in_the_cells_is_not_open(bucket):
    house = open_house()
    house.institution.capacity_pools.get(bucket=bucket).cells.filter(starts_at=at(TOMORROW, dt.time(15))).delete()

    assert able() == {}
    assert able("15:30", "17:00") == {house.institution.pk: 6}


@pytest.mark.parametrize("mode", [CareMode.HOURLY, CareMode.FULL_DAY])
@pytest.mark.parametrize(("later", "free"), [(0, 6), (15, 0)])
def test_as_many_cells_that_begin_later_are_not_the_stay(mode, later, free):
    """A day whose cells were made for other hours: 14:15–14:45 instead of 14:00–14:30."""
    house = open_house()
    keep(house, mode)
    CapacityCell.objects.update(
        starts_at=F("starts_at") + dt.timedelta(minutes=later), ends_at=F("ends_at") + dt.timedelta(minutes=later)
    )

    assert able() == ({house.institution.pk: free} if free else {})


@pytest.mark.parametrize("clock", ["08:00", "14:00", "17:30"])
def test_a_window_with_one_full_cell_is_full(clock):
    house = open_house()
    keep(house, CareMode.FULL_DAY)
    CapacityCell.objects.filter(starts_at=at(TOMORROW, dt.time.fromisoformat(clock))).update(target=0, capacity=0)

    assert able() == {}
    assert able(day=TODAY + dt.timedelta(days=2)) == {house.institution.pk: 6}


@pytest.mark.parametrize(("minutes", "free"), [(14, 0), (15, 1)])
def test_a_hold_that_ran_out_counts_as_free(minutes, free):
    house = open_house(regular_places=9)
    user, child = toddler()
    hold(house, user=user, child=child)

    assert places(house, now=NOW + dt.timedelta(minutes=minutes)) == free


def test_span_reaching_beyond_the_hours_finds_nobody():
    house = open_house()

    assert [places(house, *span) for span in (("17:00", "18:00"), ("17:00", "18:30"), ("07:30", "09:00"))] == [6, 0, 0]
    assert able("17:00", "17:00") == {}
    assert able("17:00", "16:00") == {}


@pytest.mark.parametrize("mode", [CareMode.FULL_DAY, CareMode.HALF_DAY, CareMode.HOURLY, CareMode.TEMPORARY])
def test_span_until_midnight_finds_nobody_who_closes_before(mode):
    house = open_house()
    keep(house, mode)
    midnight = at(TOMORROW + dt.timedelta(days=1), dt.time.min)

    found = BookingAvailability().institutions_with_places(
        age_months=17, starts_at=at(TOMORROW, dt.time(8)), ends_at=midnight, now=NOW
    )

    assert found == {}


def test_ids_narrow_the_answer():
    first, second = open_house(), open_house()

    assert able(ids=[second.institution.pk]) == {second.institution.pk: 6}
    assert able(ids=[]) == {}
    assert able().keys() == {first.institution.pk, second.institution.pk}


def test_mixed_class_stands_in_only_where_the_own_class_is_not_run():
    mixed = open_house(kind=ClassKind.MIXED)
    both = open_house(kind=ClassKind.MIXED)
    group = ClassGroupFactory(institution=both.institution, kind=ClassKind.TODDLER)
    OpeningRuleFactory(class_group=group, weekday=(TOMORROW.weekday() + 1) % 7)
    generate_cells(institution_ids=[both.institution.pk], now=NOW)

    assert able(age=20) == {mixed.institution.pk: 6}
    assert able(age=17) == {}
    assert able(age=24) == {mixed.institution.pk: 6, both.institution.pk: 6}
    assert able(age=36) == {}
    both.institution.capacity_pools.filter(bucket="toddler").update(active=False)
    assert able(age=20) == {mixed.institution.pk: 6, both.institution.pk: 6}


@pytest.mark.parametrize(("seconds", "count"), [(0, 1), (1, 0)])
def test_stale_places_do_not_count(seconds, count):
    house = open_house()
    confirm_places(institution=house.institution, actor=None, now=NOW - dt.timedelta(days=3, seconds=seconds))

    assert len(able()) == count


def test_places_that_were_never_confirmed_do_not_count():
    open_house().institution.places_confirmation.delete()

    assert able() == {}


@pytest.mark.parametrize(("now", "free"), [("12:00:00", 6), ("12:00:01", 0), ("14:00", 0)])
def test_hours_after_the_cutoff_are_not_offered(now, free):
    house = open_house()
    keep(house, CareMode.HOURLY)

    assert places(house, day=TODAY, now=at(TODAY, dt.time.fromisoformat(now))) == free


@pytest.mark.parametrize(("now", "free"), [("14:00:00", 6), ("14:00:01", 0)])
def test_blocks_have_a_cutoff_of_their_own(now, free):
    house = open_house()
    keep(house, CareMode.TEMPORARY)

    assert places(house, "14:00", "16:00", day=TODAY, now=at(TODAY, dt.time.fromisoformat(now))) == free
    BookingPolicy.objects.create(institution=house.institution, temporary_cutoff_minutes=1)
    assert places(house, "14:00", "16:00", day=TODAY, now=at(TODAY, dt.time.fromisoformat("14:00"))) == 0


def test_cutoff_counts_from_the_start_of_the_window():
    house = open_house()
    keep(house, CareMode.HALF_DAY)

    assert places(house, "10:00", "12:00", day=TODAY, now=NOW - dt.timedelta(hours=2)) == 6
    assert places(house, "10:00", "12:00", day=TODAY, now=NOW - dt.timedelta(minutes=119)) == 0


@pytest.mark.parametrize(("days", "free"), [(14, 6), (15, 0)])
def test_days_beyond_the_opening_window_are_not_offered(days, free):
    house = open_house(days=21)

    assert places(house, day=TODAY + dt.timedelta(days=days)) == free


@pytest.mark.parametrize(("days", "free"), [(3, 6), (4, 0)])
def test_the_opening_window_is_the_institutions_own(days, free):
    house = open_house(policy={"opens_days_ahead": 3})

    assert places(house, day=TODAY + dt.timedelta(days=days)) == free


@pytest.mark.parametrize(
    ("policy", "span", "free"),
    [
        ({}, ("14:00", "14:30"), 0),
        ({}, ("14:00", "15:00"), 6),
        ({}, ("14:00", "15:15"), 0),
        ({}, ("14:00", "15:30"), 6),
        ({}, ("14:15", "15:15"), 0),
        ({"minimum_minutes": 90}, ("14:00", "15:00"), 0),
        ({"minimum_minutes": 90}, ("14:00", "15:30"), 6),
        ({"step_minutes": 60}, ("14:00", "15:30"), 0),
        ({"step_minutes": 60}, ("14:00", "16:00"), 6),
        ({"raster_minutes": 15, "minimum_minutes": 45, "step_minutes": 15}, ("14:15", "15:00"), 6),
        ({"raster_minutes": 15, "minimum_minutes": 45, "step_minutes": 15}, ("14:15", "15:15"), 6),
        ({"raster_minutes": 15, "minimum_minutes": 75, "step_minutes": 60}, ("14:15", "15:30"), 6),
        ({"raster_minutes": 15, "minimum_minutes": 75, "step_minutes": 60}, ("14:15", "15:45"), 0),
        ({"raster_minutes": 15, "minimum_minutes": 75, "step_minutes": 60}, ("14:15", "16:30"), 6),
    ],
)
def test_hours_must_be_a_stay_that_can_be_booked(policy, span, free):
    house = open_house(policy=policy)
    keep(house, CareMode.HOURLY)

    assert places(house, *span) == free


def test_blocks_cover_what_is_asked():
    house = open_house()
    keep(house, CareMode.TEMPORARY)
    user, child = toddler()
    booked(house, user=user, child=child, mode=CareMode.TEMPORARY, starts=dt.time(16), ends=dt.time(18))

    asked = [("14:00", "16:00"), ("14:30", "15:00"), ("15:00", "16:30"), ("16:00", "16:30"), ("17:30", "18:00")]
    assert [places(house, *span) for span in asked] == [6, 6, 5, 5, 5]


def test_last_block_that_does_not_fit_is_no_block():
    house = open_house()
    keep(house, CareMode.TEMPORARY)
    CareProduct.objects.filter(institution=house.institution).update(block_minutes=180)

    assert [places(house, *span) for span in (("14:00", "17:00"), ("14:00", "17:01"), ("17:00", "18:00"))] == [6, 0, 0]


def test_fixed_windows_need_the_whole_window():
    house = open_house(regular_places=9)
    keep(house, CareMode.FULL_DAY)
    assert able() == {house.institution.pk: 1}
    user, child = toddler()
    booked(house, user=user, child=child, mode=CareMode.FULL_DAY, starts=dt.time(8), ends=dt.time(18))

    assert able() == {}


def test_products_that_are_off_offer_nothing():
    house = open_house()
    CareProduct.objects.filter(institution=house.institution).update(active=False)

    assert able() == {}


def test_the_stay_with_the_most_places_counts():
    house = open_house()
    keep(house, CareMode.FULL_DAY)
    CareProductFactory(institution=house.institution, mode=CareMode.FULL_DAY, starts=dt.time(13), ends=dt.time(18))
    user, child = toddler()
    booked(house, user=user, child=child, mode=CareMode.FULL_DAY, starts=dt.time(8), ends=dt.time(18))
    house.institution.capacity_pools.get(bucket="toddler").cells.filter(starts_at=at(TOMORROW, dt.time(9))).update(
        target=2, capacity=2
    )

    assert places(house) == 5
    assert places(house, "08:00", "10:00") == 1


def test_closing_day_and_rectification_offer_nothing():
    closed, stopped, other = open_house(), open_house(), open_house()
    ClosingDay.objects.create(institution=closed.institution, date=TOMORROW, reason="消毒", created_at=NOW)
    Institution.objects.filter(pk=stopped.institution.pk).update(state=Institution.State.RECTIFICATION)

    assert able() == {other.institution.pk: 6}
    assert able(day=TOMORROW + dt.timedelta(days=1)).keys() == {closed.institution.pk, other.institution.pk}


@pytest.mark.parametrize(
    ("part", "offers"),
    [
        ({}, False),
        ({"to_minute": 14 * 60}, True),
        ({"from_minute": 17 * 60}, True),
        ({"from_minute": 15 * 60, "to_minute": 15 * 60 + 30}, False),
        ({"class_kind": "toddler"}, False),
        ({"class_kind": "infant"}, True),
    ],
)
def test_closed_part_offers_nothing_at_its_hours_and_in_its_class(part, offers):
    house = open_house()
    ClosingDay.objects.create(institution=house.institution, date=TOMORROW, reason="消毒", created_at=NOW, **part)
    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert able() == ({house.institution.pk: 6} if offers else {})


def priced(starts="14:00", ends="17:00", *, age=17, day=TOMORROW, **more):
    """``{institution: (places, amount)}``"""
    return BookingAvailability().institutions_with_prices(
        age_months=age,
        starts_at=at(day, dt.time.fromisoformat(starts)),
        ends_at=at(day, dt.time.fromisoformat(ends)),
        now=NOW,
        **more,
    )


def test_price_is_that_of_the_cheapest_stay_though_another_has_more_places():
    house = full_house()
    pk, other = house.institution.pk, house.other.institution.pk
    user, child = toddler()
    booked(house.other, user=user, child=child, starts=dt.time(8), ends=dt.time(9))

    # There 54 元 by the hour leave 6 places, the half day at 45 元 leaves 5.
    assert priced("09:00", "12:00") == {pk: (9, 4200), other: (6, 4500)}
    assert priced("08:30", "11:30") == {pk: (6, 4200), other: (5, 4500)}
    assert priced("13:00", "17:00") == {pk: (9, 7200), other: (6, 7200)}


@pytest.mark.parametrize("count", [1, 3])
def test_two_queries_whatever_the_number(django_assert_num_queries, count):
    for number in range(count):
        house = open_house(days=2)
        CareProductFactory(
            institution=house.institution, mode=CareMode.FULL_DAY, starts=dt.time(9 + number), ends=dt.time(18)
        )

    with django_assert_num_queries(2):
        assert len(able()) == count
    with django_assert_num_queries(2):
        assert len(priced()) == count
