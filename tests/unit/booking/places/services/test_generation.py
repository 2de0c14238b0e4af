from __future__ import annotations

import datetime as dt
import logging

import pytest

from booking.places.models import BookingPolicy, CapacityCell
from booking.places.models.policy import FURTHEST_DAYS
from booking.places.queries.ledger import ledger_differences
from booking.places.queries.offers import list_offers
from booking.places.services import generation
from booking.places.services.generation import CellsNotMade, generate_all, generate_cells
from booking.places.services.policies import RasterInUse, RulesOutOfStep, save_policy
from cms.core.calendar.times import at
from directory.districts.class_kinds import ClassKind
from directory.register.models import ClassGroup, Institution, OpeningRule
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, open_house, toddler
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


def test_cells_reach_one_day_further_than_any_institution_opens():
    house = open_house()

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    last = CapacityCell.objects.order_by("starts_at").last()
    assert last.starts_at == at(TODAY + dt.timedelta(days=FURTHEST_DAYS + 1), dt.time(17, 30))


@pytest.mark.parametrize(
    ("clock", "day", "offered"),
    [
        (at(TODAY, dt.time(23, 59)), TODAY, True),
        (at(TODAY, dt.time(23, 59)), TOMORROW, False),
        (at(TOMORROW, dt.time(0)), TOMORROW, True),
        (at(TOMORROW, dt.time(3, 9)), TOMORROW, True),
        (at(TOMORROW, dt.time(0)), TOMORROW + dt.timedelta(days=1), False),
    ],
)
def test_furthest_day_is_open_from_midnight_on(clock, day, offered):
    house = open_house(days=0, policy={"opens_days_ahead": FURTHEST_DAYS})
    generate_all(at(TODAY, dt.time(3, 10)))

    found = list_offers(
        institution=house.institution, age_months=19, day=day + dt.timedelta(days=FURTHEST_DAYS), now=clock
    )

    assert bool(found) is offered


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


@pytest.mark.parametrize(
    ("part", "toddlers", "infants", "everybody"),
    [
        ({}, [0, 0, 0], [0, 0, 0], [0, 0, 0]),
        ({"from_minute": 545, "to_minute": 570}, [6, 0, 9], [3, 0, 3], [55, 0, 53]),
        ({"class_kind": "toddler"}, [0, 0, 0], [3, 3, 3], [59, 59, 59]),
        ({"class_kind": "toddler", "from_minute": 510, "to_minute": 540}, [0, 9, 9], [3, 3, 3], [59, 53, 53]),
    ],
)
def test_closed_part_is_as_if_nobody_were_open(part, toddlers, infants, everybody):
    house = full_house()
    ClosingDayFactory(institution=house.institution, date=TOMORROW, **part)

    generate_cells(institution_ids=[house.institution.pk], days=(TODAY, TOMORROW), now=NOW)

    def targets(bucket: str) -> list[int]:
        return [cell(house, bucket, TOMORROW, dt.time(*clock)).target for clock in ((8, 30), (9, 0), (9, 30))]

    assert (targets("toddler"), targets("infant"), targets("all")) == (toddlers, infants, everybody)
    assert cell(house, "toddler", TODAY, dt.time(9)).target == 9


def test_rectification_that_stops_new_bookings_alone_keeps_the_targets():
    house = open_house()
    rectified = Institution.objects.filter(pk=house.institution.pk)

    found = []
    for kind in ("stops_new", "closes", ""):
        rectified.update(state=Institution.State.RECTIFICATION, rectification_kind=kind)
        generate_cells(institution_ids=[house.institution.pk], now=NOW)
        found.append(cell(house, "toddler", TOMORROW, dt.time(9)).target)
    rectified.update(state=Institution.State.DRAFT, rectification_kind="stops_new", is_public=False)
    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert found == [6, 0, 0]
    assert cell(house, "toddler", TOMORROW, dt.time(9)).target == 0


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


def targets_of(house, bucket: str, *clocks: dt.time) -> list[int]:
    return [cell(house, bucket, TOMORROW, clock).target for clock in clocks]


def test_house_target_is_less_by_the_regular_children_of_every_class_open_then():
    house = full_house()

    assert targets_of(house, "all", dt.time(8, 30), dt.time(9)) == [60 - 4 - 0 - 1, 60 - 4 - 2 - 0 - 1]
    assert targets_of(house, "mixed", dt.time(9)) == [4]


def test_class_without_hours_that_day_sells_nothing():
    house = full_house()
    OpeningRule.objects.filter(class_group=house.groups["infant"], weekday=TOMORROW.weekday()).delete()

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    assert targets_of(house, "infant", dt.time(9)) == [0]
    assert cell(house, "infant", TOMORROW + dt.timedelta(days=1), dt.time(9)).target == 3


@pytest.mark.parametrize(
    ("opens", "closes", "first", "last"),
    [
        (dt.time(8, 0), dt.time(9, 0), dt.time(8), dt.time(8, 30)),
        (dt.time(8, 1), dt.time(9, 29), dt.time(8, 30), dt.time(8, 30)),
        (dt.time(8, 15), dt.time(9, 45), dt.time(8, 30), dt.time(9)),
    ],
)
def test_hours_off_the_raster_give_whole_cells_alone(opens, closes, first, last):
    house = open_house(days=0)
    day = TOMORROW + dt.timedelta(days=1)
    OpeningRule.objects.filter(class_group=house.group).update(opens=opens, closes=closes)

    generate_cells(institution_ids=[house.institution.pk], days=(day, day), now=NOW)

    found = CapacityCell.objects.filter(pool__bucket="toddler", starts_at__gte=at(day, dt.time())).order_by("starts_at")
    assert [found.first().starts_at, found.last().starts_at] == [at(day, first), at(day, last)]


def test_days_named_are_the_first_and_the_last():
    house = open_house(days=0)
    first, last = TOMORROW, TOMORROW + dt.timedelta(days=1)

    made = generate_cells(institution_ids=[house.institution.pk], days=(first, last), now=NOW)

    days = {start.astimezone(NOW.tzinfo).date() for start in CapacityCell.objects.values_list("starts_at", flat=True)}
    assert (made, days) == (2 * 2 * 20, {TODAY, first, last})


def test_only_the_named_days_get_new_targets():
    house = open_house(days=3)
    ClassGroup.objects.filter(pk=house.group.pk).update(caregivers=1)

    generate_cells(institution_ids=[house.institution.pk], days=(TOMORROW, TOMORROW), now=NOW)

    after = TOMORROW + dt.timedelta(days=1)
    found = [cell(house, "toddler", day, dt.time(9)).target for day in (TODAY, TOMORROW, after)]
    assert found == [6, 1, 6]


def test_cell_that_begins_now_gets_its_target():
    house = open_house(days=0)
    ClassGroup.objects.filter(pk=house.group.pk).update(caregivers=1)

    generate_cells(institution_ids=[house.institution.pk], now=at(TODAY, dt.time(9)))

    clocks = (dt.time(8, 30), dt.time(9))
    assert [cell(house, "toddler", TODAY, clock).target for clock in clocks] == [6, 1]


def test_class_run_again_is_switched_on():
    house = open_house(days=1)
    for active in (False, True):
        ClassGroup.objects.filter(pk=house.group.pk).update(active=active)
        generate_cells(institution_ids=[house.institution.pk], now=NOW)

        assert set(house.institution.capacity_pools.values_list("active", flat=True)) == {active}
        assert cell(house, "toddler", TOMORROW, dt.time(9)).target == (6 if active else 0)


def test_class_newly_run_gets_a_pool_beside_the_others():
    house = open_house(days=1)
    group = ClassGroupFactory(institution=house.institution, kind=ClassKind.INFANT, places=5, caregivers=1)
    OpeningRuleFactory(class_group=group, weekday=TOMORROW.weekday(), opens=dt.time(8), regular_places=0)
    before = set(house.institution.capacity_pools.values_list("pk", flat=True))

    generate_cells(institution_ids=[house.institution.pk], now=NOW)

    pools = dict(house.institution.capacity_pools.values_list("bucket", "pk"))
    assert (set(pools), before < set(pools.values())) == ({"toddler", "all", "infant"}, True)
    assert targets_of(house, "infant", dt.time(9)) == [3]


def test_nightly_job_makes_the_cells_of_every_house():
    houses = [open_house(days=0) for _ in range(2)]

    assert generate_all(NOW) == 2 * (FURTHEST_DAYS + 1) * 2 * 20
    assert [house.institution.capacity_pools.count() for house in houses] == [2, 2]


def test_house_that_fails_holds_back_no_other(monkeypatch, caplog):
    bad, good = (open_house(days=0) for _ in range(2))
    read = generation._read_plan

    def fail_for_one(institution):
        if institution.pk == bad.institution.pk:
            raise RuntimeError("DETAIL: Failing row contains (王秀英).")
        return read(institution)

    monkeypatch.setattr(generation, "_read_plan", fail_for_one)

    with pytest.raises(CellsNotMade) as failed:
        generate_all(NOW)
    assert failed.value.args == (1,)
    said = f"making cells of institution {bad.institution.pk} failed: RuntimeError"
    assert caplog.record_tuples == [(generation.__name__, logging.ERROR, said)]
    assert cell(good, "toddler", TOMORROW, dt.time(9)).target == 6
    assert not CapacityCell.objects.filter(
        pool__institution=bad.institution, starts_at__gt=at(TOMORROW, dt.time())
    ).exists()
