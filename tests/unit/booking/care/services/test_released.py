"""What a booking gave back and would take again: the cells still to come, and the quarters from now on."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services.moves import count_over, mark_absent, mark_arrived, mark_left
from booking.care.services.transition import find_released
from booking.places.models import Booking, CapacityCell
from cms.core.calendar.times import at
from tests.factories.booking import NOW, TOMORROW, Visit, booked, do, open_house, toddler, tomorrow

pytestmark = pytest.mark.django_db
SECOND, QUARTER = dt.timedelta(seconds=1), dt.timedelta(minutes=15)


@pytest.fixture
def visit() -> Visit:
    """From two to four tomorrow, in cells of half an hour."""
    house, (user, child) = open_house(), toddler()
    booking = booked(house, user=user, child=child, starts=dt.time(14), ends=dt.time(16))
    return Visit(house, booking, user)


def released(booking: Booking, now: dt.datetime) -> tuple[list[str], list[str]]:
    """Starts of the cells of the class, and the quarters."""
    cells, slots = find_released(booking, now=now)
    own = CapacityCell.objects.filter(pk__in=cells, pool__bucket="toddler").order_by("starts_at")
    starts = own.values_list("starts_at", flat=True)
    return [f"{start.astimezone(NOW.tzinfo):%H:%M}" for start in starts], [
        f"{slot.astimezone(NOW.tzinfo):%H:%M}" for slot in slots
    ]


def test_a_booking_that_gave_nothing_back_takes_nothing_again(visit: Visit) -> None:
    assert find_released(visit.booking, now=NOW) == ({}, [])
    assert count_over(visit.booking, now=NOW) == 0


@pytest.mark.parametrize(
    ("clock", "cells", "slots"),
    [
        ("14:00", ["14:00", "14:30", "15:00", "15:30"], 8),
        ("14:30", ["14:30", "15:00", "15:30"], 6),
        ("14:31", ["14:30", "15:00", "15:30"], 5),
        ("15:59", ["15:30"], 0),
        ("16:00", ["14:00", "14:30", "15:00", "15:30"], 0),
    ],
)
def test_what_is_still_to_come_is_taken_again_and_all_of_it_once_it_is_over(
    visit: Visit, clock: str, cells: list[str], slots: int
) -> None:
    do(mark_absent, visit, tomorrow("14:00"))
    visit.booking.refresh_from_db()

    found = released(visit.booking, tomorrow(clock))

    assert (found[0], len(found[1])) == (cells, slots)


def test_the_last_release_counts(visit: Visit) -> None:
    do(mark_absent, visit, tomorrow("14:00"))
    do(mark_arrived, visit, tomorrow("14:10"))
    do(mark_left, visit, tomorrow("15:00"))
    visit.booking.refresh_from_db()

    assert released(visit.booking, at(TOMORROW, dt.time(15)))[0] == ["15:00", "15:30"]
