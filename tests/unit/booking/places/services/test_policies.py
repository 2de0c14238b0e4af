"""Saving booking rules: who has to wait, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingPolicy, CapacityCell
from booking.places.models.policy import FURTHEST_DAYS
from booking.places.refusals import Busy
from booking.places.services import policies
from booking.places.services.policies import RulesOutOfRange, save_policy
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TODAY, open_house
from tests.races import Locked

pytestmark = pytest.mark.django_db


def today(clock: str) -> dt.datetime:
    return at(TODAY, dt.time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("raster_minutes", [0, 14, 45]),
        ("minimum_minutes", [0, 630, -30]),
        ("opens_days_ahead", [0, FURTHEST_DAYS + 1, -1]),
        ("cutoff_minutes", [-1]),
        ("step_minutes", [0, 45]),
        ("free_cancel_clock", [None]),
    ],
)
def test_value_out_of_range_is_refused_and_changes_nothing(name, values):
    house = open_house(days=0)

    for value in values:
        with pytest.raises(RulesOutOfRange):
            save_policy(institution=house.institution, values={name: value}, now=NOW)

    assert not BookingPolicy.objects.exists()
    assert set(house.institution.capacity_pools.values_list("raster_minutes", flat=True)) == {30}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("minimum_minutes", 600),
        ("opens_days_ahead", 1),
        ("opens_days_ahead", FURTHEST_DAYS),
        ("cutoff_minutes", 0),
    ],
)
def test_value_at_its_edge_is_saved(name, value):
    house = open_house(days=0)

    saved = save_policy(institution=house.institution, values={name: value}, now=NOW)

    assert getattr(saved, name) == value


def test_refusal_names_the_field_that_is_out_of_range():
    with pytest.raises(RulesOutOfRange) as refused:
        save_policy(institution=open_house(days=0).institution, values={"cutoff_minutes": -1}, now=NOW)

    assert list(refused.value.fields) == ["cutoff_minutes"]


@pytest.mark.parametrize(("times", "saved"), [(1, True), (2, False)])
def test_rules_are_saved_the_second_time_or_the_institution_is_busy(monkeypatch, times, saved):
    house = open_house(days=0)
    lock = Locked(policies.lock_institution, times)
    monkeypatch.setattr(policies, "lock_institution", lock)
    rules = {"institution": house.institution, "values": {"opens_days_ahead": 7}, "now": NOW}

    if saved:
        assert save_policy(**rules).opens_days_ahead == 7
    else:
        with pytest.raises(Busy):
            save_policy(**rules)
    assert lock.calls == 2
    assert BookingPolicy.objects.count() == int(saved)


def test_new_raster_replaces_the_cells_that_begin_from_now_on():
    house = open_house(days=0)
    clocks = ["08:30", "09:00", "09:30"]
    pool = house.institution.capacity_pools.get(bucket="toddler")
    before = {clock: pool.cells.get(starts_at=today(clock)).pk for clock in clocks}

    save_policy(institution=house.institution, values={"raster_minutes": 15}, now=today("09:00"))

    stayed = [clock for clock, pk in before.items() if CapacityCell.objects.filter(pk=pk).exists()]
    assert stayed == ["08:30"]
    assert pool.cells.get(starts_at=today("09:00")).ends_at == today("09:15")
