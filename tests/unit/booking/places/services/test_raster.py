from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.moves import cancel_booking, mark_absent, mark_arrived
from booking.places.models import BookingPolicy, CapacityCell
from booking.places.queries.ledger import ledger_differences
from booking.places.services.policies import RasterInUse, RulesOutOfStep, save_policy
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, full_house, hold, open_house, toddler

pytestmark = pytest.mark.django_db


def cell(house, bucket: str, day: dt.date, clock: dt.time) -> CapacityCell:
    return CapacityCell.objects.get(pool__institution=house.institution, pool__bucket=bucket, starts_at=at(day, clock))


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"minimum_minutes": 45}, True),
        ({"minimum_minutes": 90}, False),
        ({"step_minutes": 15}, True),
        ({"step_minutes": 60}, False),
        ({"step_minutes": 15, "raster_minutes": 15}, False),
    ],
)
def test_minimum_and_step_are_whole_numbers_of_the_raster(values, refused):
    house = open_house(days=0)

    if refused:
        with pytest.raises(RulesOutOfStep):
            save_policy(institution=house.institution, values=values, now=NOW)
    else:
        saved = save_policy(institution=house.institution, values=values, now=NOW)
        assert {name: getattr(saved, name) for name in values} == values
    assert BookingPolicy.objects.count() == (0 if refused else 1)


@pytest.mark.parametrize(("now", "refused"), [(dt.time(16, 59), True), (dt.time(17), False)])
def test_raster_changes_once_the_last_booking_is_over(now, refused):
    house = open_house(days=1)
    user, child = toddler()
    booked(house, user=user, child=child, day=TODAY)

    if refused:
        with pytest.raises(RasterInUse):
            save_policy(institution=house.institution, values={"raster_minutes": 15}, now=at(TODAY, now))
    else:
        save_policy(institution=house.institution, values={"raster_minutes": 15}, now=at(TODAY, now))
    assert list(ledger_differences()) == []


def test_raster_changes_after_the_only_booking_was_cancelled_and_keeps_the_past():
    house = open_house(days=1)
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    cancel_booking(user=user, booking=booking.public_id, now=NOW)

    save_policy(institution=house.institution, values={"raster_minutes": 15}, now=at(TODAY, dt.time(9)))

    starts = CapacityCell.objects.filter(pool__bucket="toddler", starts_at__lte=at(TODAY, dt.time(9, 15)))
    assert [start.astimezone(NOW.tzinfo).time() for start in sorted(starts.values_list("starts_at", flat=True))] == [
        dt.time(8),
        dt.time(8, 30),
        dt.time(9),
        dt.time(9, 15),
    ]


def test_rules_saved_again_change_the_same_row_and_no_other_house():
    house = full_house()
    for days in (7, 10):
        save_policy(institution=house.institution, values={"opens_days_ahead": days}, now=NOW)

    assert list(BookingPolicy.objects.values_list("institution_id", "opens_days_ahead")) == [(house.institution.pk, 10)]


def test_raster_waits_for_a_child_who_may_still_come():
    house = open_house(days=1)
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    mark = {"actor": user, "institution": house.institution, "booking": booking.public_id}
    morning = at(TOMORROW, dt.time(8))
    mark_absent(**mark, now=morning)

    with pytest.raises(RasterInUse):
        save_policy(institution=house.institution, values={"raster_minutes": 15}, now=morning)

    assert mark_arrived(**mark, now=at(TOMORROW, dt.time(14))).status == "arrived"
    assert list(ledger_differences()) == []
