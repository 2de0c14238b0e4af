from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingPolicy, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.generation import WEEKS_AHEAD, generate_cells
from booking.places.services.policies import RasterInUse, RulesOutOfStep, save_policy
from cms.core.calendar.times import at
from directory.districts.class_kinds import ClassKind
from directory.register.models import Institution
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, open_house, toddler
from tests.factories.directory import ClassGroupFactory, ClosingDayFactory, OpeningRuleFactory

pytestmark = pytest.mark.django_db


def cell(house, bucket: str, day: dt.date, clock: dt.time) -> CapacityCell:
    return CapacityCell.objects.get(pool__institution=house.institution, pool__bucket=bucket, starts_at=at(day, clock))


def test_target_is_limited_by_caregivers():
    house = open_house(places=10, caregivers=1, regular_places=2)

    assert cell(house, "toddler", TOMORROW, dt.time(9)).target == 1 * 5 - 2


def test_target_is_limited_by_places():
    house = open_house(places=10, caregivers=4, regular_places=2)

    assert cell(house, "toddler", TOMORROW, dt.time(9)).target == 10 - 2


def test_regular_children_over_what_caregivers_may_look_after_leave_nothing():
    house = open_house(places=10, caregivers=1, regular_places=8)

    assert cell(house, "toddler", TOMORROW, dt.time(9)).target == 0


def test_two_groups_of_a_kind_add_up():
    house = open_house(days=1)
    second = ClassGroupFactory(institution=house.institution, kind=ClassKind.TODDLER, places=15, caregivers=3)
    OpeningRuleFactory(class_group=second, weekday=TOMORROW.weekday(), opens=dt.time(9), regular_places=5)

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert cell(house, "toddler", TOMORROW, dt.time(8)).target == 10 - 4
    assert cell(house, "toddler", TOMORROW, dt.time(9)).target == 10 - 4 + 15 - 5


def test_house_cell_is_filed_places_less_regular_children():
    house = open_house(places=10, regular_places=4)
    Institution.objects.filter(pk=house.institution.pk).update(places=7)

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert cell(house, "all", TOMORROW, dt.time(9)).target == 3


def test_unknown_filed_places_leave_the_classes_to_decide():
    house = open_house(places=10, regular_places=4)
    Institution.objects.filter(pk=house.institution.pk).update(places=0, inclusive_places=0)

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert cell(house, "all", TOMORROW, dt.time(9)).target == 6


def test_cells_reach_eight_weeks_ahead():
    house = open_house()

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    last = CapacityCell.objects.order_by("starts_at").last()
    assert last.starts_at == at(TODAY + dt.timedelta(weeks=WEEKS_AHEAD), dt.time(17, 30))


def test_generating_twice_changes_nothing():
    house = open_house()

    assert generate_cells(institution_ids=[house.institution.pk], days=(TODAY, TOMORROW), now=NOW) == 0


def test_closing_day_gives_target_zero_and_keeps_what_is_taken():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)
    ClosingDayFactory(institution=house.institution, date=TOMORROW)

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    over = cell(house, "toddler", TOMORROW, dt.time(14))
    assert (over.target, over.taken, over.capacity) == (0, 1, 1)
    assert list(ledger_differences()) == []


def test_rectification_offers_nothing():
    house = open_house()
    Institution.objects.filter(pk=house.institution.pk).update(state=Institution.State.RECTIFICATION)

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert set(CapacityCell.objects.filter(starts_at__gte=NOW).values_list("target", flat=True)) == {0}


def test_class_no_longer_run_is_switched_off():
    house = open_house()
    house.group.active = False
    house.group.save()

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert set(house.institution.capacity_pools.values_list("active", flat=True)) == {False}


def test_cells_before_now_are_left_alone():
    house = open_house()
    noon = at(TODAY, dt.time(12))
    house.group.caregivers = 1
    house.group.save()

    generate_cells(institution_ids=[house.institution.pk], now=noon)

    assert cell(house, "toddler", TODAY, dt.time(11, 30)).target == 6
    assert cell(house, "toddler", TODAY, dt.time(12)).target == 1


def test_new_raster_remakes_the_cells():
    house = open_house()

    save_policy(institution=house.institution, values={"raster_minutes": 15}, now=NOW)

    assert cell(house, "toddler", TOMORROW, dt.time(9, 15)).target == 6
    assert set(house.institution.capacity_pools.values_list("raster_minutes", flat=True)) == {15}


def test_raster_with_bookings_to_come_is_refused():
    house = open_house()
    user, child = toddler()
    booked(house, user=user, child=child)

    with pytest.raises(RasterInUse):
        save_policy(institution=house.institution, values={"raster_minutes": 15}, now=NOW)

    assert not BookingPolicy.objects.exists()


def test_minimum_off_the_raster_is_refused():
    house = open_house()

    with pytest.raises(RulesOutOfStep):
        save_policy(institution=house.institution, values={"minimum_minutes": 45}, now=NOW)
