"""A child's row on the board: from when it is late, missed, to be taken back, and in which order it stands."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import Booking, BookingEvent
from cms.workbench.queries.rows import ChildRow, booking_here, day_rows, requests_of
from directory.register.models import Institution
from tests.factories.accounts import ChildFactory, PickupPersonFactory
from tests.factories.booking import NOW, TODAY
from tests.factories.capacity import BookingFactory, CapacityPoolFactory
from tests.factories.directory import CareProductFactory, InstitutionFactory

pytestmark = pytest.mark.django_db
S = Booking.Status
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)
END = NOW + 60 * MINUTE


@pytest.fixture
def house() -> Institution:
    """A house with its toddler class and one product."""
    made = InstitutionFactory(public=True)
    CapacityPoolFactory(institution=made)
    CareProductFactory(institution=made)
    return made


def made(house: Institution, **values) -> Booking:
    here = {"pool": house.capacity_pools.get(), "product": house.products.get(), "mode": "full_day"}
    return BookingFactory(**{**here, **values})


def row_of(house: Institution, now: dt.datetime) -> ChildRow:
    (row,) = day_rows(house, TODAY, now)
    return row


@pytest.mark.parametrize(
    ("after", "late"),
    [(-MINUTE, 0), (5 * MINUTE - SECOND, 0), (5 * MINUTE, 5), (6 * MINUTE - SECOND, 5), (75 * MINUTE, 75)],
)
def test_child_is_late_from_the_fifth_minute(house: Institution, after: dt.timedelta, late: int) -> None:
    made(house)

    row = row_of(house, NOW + after)

    assert (row.late_minutes, row.is_late, row.overstay_minutes) == (late, late > 0, 0)


@pytest.mark.parametrize(("moment", "missed"), [(END - SECOND, False), (END, True), (END + SECOND, True)])
def test_child_that_never_came_is_missed_once_its_stay_is_over(
    house: Institution, moment: dt.datetime, missed: bool
) -> None:
    made(house)

    assert row_of(house, moment).is_missed is missed


@pytest.mark.parametrize(
    ("after", "overstay"), [(0 * MINUTE, 0), (5 * MINUTE - SECOND, 0), (5 * MINUTE, 5), (61 * MINUTE, 61)]
)
def test_child_in_the_room_stays_too_long_from_the_fifth_minute(
    house: Institution, after: dt.timedelta, overstay: int
) -> None:
    made(house, status=S.ARRIVED)

    row = row_of(house, END + after)

    assert (row.overstay_minutes, row.late_minutes, row.is_missed) == (overstay, 0, False)


@pytest.mark.parametrize(
    ("status", "is_on_paper", "is_done", "can_call"),
    [
        (S.REQUESTED, False, False, True),
        (S.CONFIRMED, True, False, True),
        (S.ARRIVED, True, False, True),
        (S.COMPLETED, True, True, False),
        (S.ABSENT, False, True, True),
    ],
)
def test_what_each_state_means_at_the_door(
    house: Institution, status: str, is_on_paper: bool, is_done: bool, can_call: bool
) -> None:
    made(house, status=status, expires_at=END if status == S.REQUESTED else None)

    row = row_of(house, NOW)

    assert (row.is_on_paper, row.is_done, row.can_call) == (is_on_paper, is_done, can_call)


def test_only_care_of_the_day_and_house_that_is_used_or_asked_for(house: Institution) -> None:
    shown = made(house)
    made(house, status=S.HELD, expires_at=END)
    made(house, status=S.CANCELLED)
    made(house, service_date=TODAY + dt.timedelta(days=1))
    made(house, kind=Booking.Kind.SESSION, product=None, mode="")
    BookingFactory()

    assert [row.booking for row in day_rows(house, TODAY, NOW)] == [shown]


@pytest.mark.parametrize(("seconds", "shown"), [(-1, False), (0, False), (1, True)])
def test_request_is_shown_until_it_runs_out(house: Institution, seconds: int, shown: bool) -> None:
    request = made(house, status=S.REQUESTED, expires_at=NOW + seconds * SECOND)

    assert [row.booking for row in day_rows(house, TODAY, NOW)] == ([request] if shown else [])
    assert requests_of(house, NOW) == ([request] if shown else [])


def test_late_ones_stand_first_and_those_who_are_done_last(house: Institution) -> None:
    now = NOW + 10 * MINUTE
    done = made(house, status=S.COMPLETED, starts_at=NOW - 60 * MINUTE, pk=904)
    later = made(house, starts_at=now + MINUTE, ends_at=END, pk=901)
    second, first = made(house, starts_at=now, ends_at=END, pk=903), made(house, starts_at=now, ends_at=END, pk=902)
    late = made(house, pk=905)

    assert [row.booking for row in day_rows(house, TODAY, now)] == [late, first, second, later, done]


def marked(booking: Booking, before: str, after: str, at: dt.datetime) -> None:
    moved = {"from_status": before, "to_status": after, "side": "institution", "at": at, "times": {}}
    BookingEvent.objects.create(booking=booking, district_id=booking.district_id, **moved)


@pytest.mark.parametrize(("after", "can"), [(0 * MINUTE, True), (10 * MINUTE, True), (10 * MINUTE + SECOND, False)])
def test_mark_can_be_taken_back_for_ten_minutes(house: Institution, after: dt.timedelta, can: bool) -> None:
    booking = made(house, status=S.ARRIVED, changed_at=NOW)
    marked(booking, S.CONFIRMED, S.ARRIVED, NOW)

    assert row_of(house, NOW + after).can_undo is can


@pytest.mark.parametrize(
    ("steps", "can"),
    [
        ([(S.HELD, S.CONFIRMED), (S.CONFIRMED, S.ARRIVED)], True),
        ([], False),
    ],
)
def test_a_mark_needs_its_event_to_be_taken_back(house: Institution, steps: list[tuple[str, str]], can: bool) -> None:
    booking = made(house, status=S.ARRIVED, changed_at=NOW)
    for number, (before, after) in enumerate(steps):
        marked(booking, before, after, NOW + number * SECOND)

    assert row_of(house, NOW + MINUTE).can_undo is can


@pytest.mark.parametrize(
    ("days", "status", "here", "first"),
    [
        (-1, S.COMPLETED, True, False),
        (-1, S.ARRIVED, True, False),
        (-1, S.ABSENT, True, True),
        (-1, S.CANCELLED, True, True),
        (0, S.COMPLETED, True, True),
        (-1, S.COMPLETED, False, True),
    ],
)
def test_first_visit_is_the_first_in_this_house(
    house: Institution, days: int, status: str, here: bool, first: bool
) -> None:
    booking = made(house)
    came = NOW + dt.timedelta(days=days) if status in (S.COMPLETED, S.ARRIVED) else None
    earlier = {"service_date": TODAY + dt.timedelta(days=days), "status": status, "arrived_at": came}
    earlier["child"] = booking.child
    made(house, **earlier) if here else BookingFactory(**earlier)

    rows = {row.booking: row for row in day_rows(house, TODAY, NOW)}

    assert rows[booking].first_visit is first


def test_stay_that_ended_without_a_mark_was_no_visit(house: Institution) -> None:
    booking = made(house)
    made(house, child=booking.child, service_date=TODAY - dt.timedelta(days=1), status=S.COMPLETED)

    assert row_of(house, NOW).first_visit


def test_age_and_those_who_fetch_are_the_childs_own(house: Institution) -> None:
    booking = made(house, child=ChildFactory(birth_date=dt.date(2025, 6, 23)))
    second = PickupPersonFactory(family=booking.family, pk=72)
    first = PickupPersonFactory(family=booking.family, pk=71)
    PickupPersonFactory()

    row = row_of(house, NOW)

    assert (row.age_months, row.pickup) == (17, [first, second])


def test_requests_stand_by_their_deadline(house: Institution) -> None:
    last = made(house, status=S.REQUESTED, expires_at=NOW + 2 * MINUTE)
    second = made(house, status=S.REQUESTED, expires_at=NOW + MINUTE, pk=912)
    first = made(house, status=S.REQUESTED, expires_at=NOW + MINUTE, pk=911)
    made(house)
    BookingFactory(status=S.REQUESTED, expires_at=END)

    assert requests_of(house, NOW) == [first, second, last]


def test_booking_of_another_house_or_a_class_is_not_here(house: Institution) -> None:
    booking, foreign = made(house), BookingFactory()
    session = made(house, kind=Booking.Kind.SESSION, product=None, mode="")

    assert [booking_here(house, each.public_id) for each in (booking, foreign, session)] == [booking, None, None]
