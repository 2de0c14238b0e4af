"""Every row that grows names its district, and a ledger row its cell's moment."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from booking.care.services import moves, sessions
from booking.care.services.transition import ActingParty
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, CapacityPool
from booking.places.queries.ledger import ledger_differences
from booking.places.services.generation import generate_cells
from cms.core.calendar.times import at
from tests.factories.accounts import UserFactory
from tests.factories.booking import NOW, TODAY, TOMORROW, booked, hold, open_house, toddler
from tests.factories.directory import DistrictFactory

pytestmark = pytest.mark.django_db
LATER = TOMORROW + dt.timedelta(days=1)


def moments_differ() -> int:
    return BookingCell.objects.exclude(starts_at=F("cell__starts_at")).count()


def test_pools_are_of_the_institutions_district() -> None:
    houses = [open_house(days=0), open_house(days=0)]

    for house in houses:
        pools = CapacityPool.objects.filter(institution=house.institution)
        assert set(pools.values_list("bucket", "district_id")) == {
            ("toddler", house.institution.district_id),
            ("all", house.institution.district_id),
        }
    assert houses[0].institution.district_id != houses[1].institution.district_id


def test_pools_follow_an_institution_that_moves_and_old_bookings_stay() -> None:
    house = open_house(days=1)
    before, after = house.institution.district, DistrictFactory()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    house.institution.district = after
    house.institution.save()

    generate_cells(institution_ids=[house.institution.pk], days=(TODAY, TODAY), now=NOW)

    assert set(CapacityPool.objects.values_list("district_id", flat=True)) == {after.pk}
    booking.refresh_from_db()
    assert booking.district_id == before.pk


def test_pools_that_are_right_are_not_written_again(django_assert_num_queries) -> None:
    house = open_house(days=1)
    with django_assert_num_queries(9):
        generate_cells(institution_ids=[house.institution.pk], days=(TODAY, TODAY), now=NOW)


def test_held_booking_its_events_and_its_cells_name_where_and_when() -> None:
    open_house()
    house = open_house()
    user, child = toddler()

    booking = booked(house, user=user, child=child)
    moves.cancel_booking(user=user, booking=booking.public_id, now=NOW)
    other = hold(house, user=user, child=child)

    district = house.institution.district_id
    assert set(Booking.objects.values_list("district_id", flat=True)) == {district}
    assert list(BookingEvent.objects.values_list("district_id", flat=True)) == [district] * 4
    starts = other.cells.filter(cell__pool=other.pool).order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [at(TOMORROW, dt.time(14)) + n * dt.timedelta(minutes=30) for n in range(6)]
    assert (other.cells.count(), moments_differ()) == (12, 0)


def test_place_taken_back_has_its_moments_again() -> None:
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child, day=TODAY)
    noon = at(TODAY, dt.time(15))
    moves.mark_absent(actor=user, institution=house.institution, booking=booking.public_id, now=noon)
    left = booking.cells.count()

    moves.undo_mark(actor=user, institution=house.institution, booking=booking.public_id, now=noon)

    assert (left, booking.cells.count(), moments_differ()) == (4, 12, 0)


def test_session_is_of_its_district_and_a_move_takes_the_ledger_along() -> None:
    district, other = DistrictFactory(), DistrictFactory()
    start, end = at(TOMORROW, dt.time(9)), at(TOMORROW, dt.time(10))
    cell = sessions.create_session_cell(starts_at=start, ends_at=end, capacity=3, district_id=district.pk)
    elsewhere = sessions.create_session_cell(starts_at=start, ends_at=end, capacity=3, district_id=district.pk)
    first, second = (_seat(), _seat())
    with transaction.atomic():
        booking = sessions.take_session_place(seat=first, cell=cell, now=NOW)
        sessions.take_session_place(seat=second, cell=elsewhere, now=NOW)
    made = booking.district_id, booking.events.get().district_id, booking.cells.get().starts_at

    sessions.change_session_cell(
        cell=cell,
        bookings=sessions.lock_confirmed(cell),
        starts_at=at(LATER, dt.time(9)),
        ends_at=at(LATER, dt.time(10)),
        capacity=3,
        district_id=other.pk,
        takes_child_slots=True,
        now=NOW,
    )

    assert made == (district.pk, district.pk, start)
    assert (booking.cells.get().starts_at, moments_differ()) == (at(LATER, dt.time(9)), 0)
    assert list(CapacityPool.objects.order_by("pk").values_list("district_id", flat=True)) == [other.pk, district.pk]
    booking.refresh_from_db()
    assert booking.district_id == district.pk


def test_session_cancelled_by_staff_writes_the_district_into_its_event() -> None:
    district = DistrictFactory()
    start, end = at(TOMORROW, dt.time(9)), at(TOMORROW, dt.time(10))
    cell = sessions.create_session_cell(starts_at=start, ends_at=end, capacity=3, district_id=district.pk)
    with transaction.atomic():
        booking = sessions.take_session_place(seat=_seat(), cell=cell, now=NOW)
        by = ActingParty(BookingEvent.Side.STAFF, UserFactory())
        sessions.cancel_session_bookings(bookings=[booking], by=by, now=NOW)

    assert list(booking.events.values_list("district_id", flat=True)) == [district.pk] * 2
    assert CapacityCell.objects.get(pk=cell.pk).taken == 0


def _seat() -> sessions.Seat:
    user, child = toddler()
    return sessions.Seat(user=user, family=child.family, child=child, takes_child_slots=True)


def test_ledger_row_of_another_moment_is_found_and_named() -> None:
    house = open_house()
    user, child = toddler()
    booking = hold(house, user=user, child=child)
    row = booking.cells.order_by("pk").first()
    right = list(ledger_differences())
    BookingCell.objects.filter(pk=row.pk).update(starts_at=F("starts_at") + dt.timedelta(minutes=30))

    found = list(ledger_differences())

    assert right == []
    assert [(one.what, one.pk, one.found > one.expected) for one in found] == [("ledger_moment", row.pk, True)]


def test_session_that_keeps_its_time_writes_no_ledger_row() -> None:
    district = DistrictFactory()
    start, end = at(TOMORROW, dt.time(9)), at(TOMORROW, dt.time(10))
    cell = sessions.create_session_cell(starts_at=start, ends_at=end, capacity=3, district_id=district.pk)
    with transaction.atomic():
        sessions.take_session_place(seat=_seat(), cell=cell, now=NOW)

    with CaptureQueriesContext(connection) as queries:
        sessions.change_session_cell(
            cell=cell,
            bookings=sessions.lock_confirmed(cell),
            starts_at=start,
            ends_at=end,
            capacity=2,
            district_id=district.pk,
            takes_child_slots=True,
            now=NOW,
        )

    written = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
    assert [sql for sql in written if "booking_bookingcell" in sql] == []
    assert moments_differ() == 0
