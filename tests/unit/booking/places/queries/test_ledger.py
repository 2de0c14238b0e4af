"""The oracle of every race: it sees each way in which cells, bookings, ledger and slots can disagree."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.services import moves
from booking.places.models import Booking, BookingCell, CapacityCell, ChildSlot
from booking.places.queries.ledger import Difference, ledger_differences
from booking.places.states import BOOKED, GONE, OPEN, SPENT
from tests.factories.booking import NOW, booked, do, hold, toddler, tomorrow
from tests.factories.capacity import CapacityCellFactory

pytestmark = pytest.mark.django_db
QUARTER = dt.timedelta(minutes=15)


def differences() -> list[tuple[str, int, str, str]]:
    return [(found.what, found.pk, found.found, found.expected) for found in ledger_differences()]


def set_status(booking: Booking, status: str, **values) -> None:
    """As no service does: the row alone."""
    Booking.objects.filter(pk=booking.pk).update(status=status, expires_at=tomorrow("23:00"), **values)


def drop_ledger(booking: Booking) -> None:
    """The ledger's rows go, and the counters with them."""
    cells = CapacityCell.objects.filter(bookings__booking=booking)
    CapacityCell.objects.filter(pk__in=list(cells.values_list("pk", flat=True))).update(taken=0)
    BookingCell.objects.filter(booking=booking).delete()


def test_what_is_booked_is_live_and_more_than_held():
    assert {"requested", "confirmed", "arrived"} == BOOKED


def test_states_are_live_spent_or_gone():
    assert (
        {"held", "requested", "confirmed", "arrived"},
        {"completed", "absent"},
        {"cancelled", "declined", "expired"},
    ) == (OPEN, SPENT, GONE)


def test_what_the_services_write_adds_up(visit):
    user, child = toddler()
    hold(visit.house, user=user, child=child)
    assert differences() == []

    do(moves.mark_arrived, visit, tomorrow("14:05"))
    do(moves.mark_left, visit, tomorrow("15:10"))
    assert differences() == []


def test_counters_that_differ_from_the_ledger(visit):
    cell = CapacityCell.objects.filter(bookings__booking=visit.booking).first()
    CapacityCell.objects.filter(pk=cell.pk).update(taken=2)

    assert differences() == [("cell_taken", cell.pk, "2", "1")]


def test_counter_without_any_row_of_the_ledger():
    cell = CapacityCellFactory(target=3, taken=1, capacity=3)

    assert differences() == [("cell_taken", cell.pk, "1", "0")]


def test_capacity_that_is_neither_target_nor_taken(visit):
    cell = CapacityCell.objects.filter(bookings__booking=visit.booking).first()
    CapacityCell.objects.filter(pk=cell.pk).update(capacity=cell.target + 1)

    assert differences() == [("cell_capacity", cell.pk, str(cell.target + 1), str(cell.target))]


@pytest.mark.parametrize("status", sorted(GONE))
@pytest.mark.parametrize("left", ["cells", "slots"])
def test_booking_that_is_gone_holds_nothing(visit, status, left):
    if left == "cells":
        ChildSlot.objects.all().delete()
    else:
        drop_ledger(visit.booking)
    set_status(visit.booking, status)

    assert differences() == [("booking_holds", visit.booking.pk, status, "nothing")]


@pytest.mark.parametrize("status", sorted(SPENT))
def test_booking_whose_time_is_spent_holds_no_child(visit, status):
    set_status(visit.booking, status, changed_at=tomorrow("17:00"))

    assert differences() == [("booking_holds", visit.booking.pk, status, "what is past")]


@pytest.mark.parametrize("status", sorted(SPENT))
@pytest.mark.parametrize(
    ("changed", "differs"), [("16:29:59", True), ("16:30", True), ("16:30:01", False), ("17:00", False)]
)
def test_booking_whose_time_is_spent_holds_no_cell_that_was_to_come(visit, status, changed, differs):
    ChildSlot.objects.all().delete()
    set_status(visit.booking, status, changed_at=tomorrow(changed))

    assert differences() == ([("booking_holds", visit.booking.pk, status, "what is past")] if differs else [])


@pytest.mark.parametrize("status", sorted(OPEN))
def test_live_booking_has_cells(visit, status):
    drop_ledger(visit.booking)
    set_status(visit.booking, status)

    assert differences() == [("booking_empty", visit.booking.pk, status, "cells")]


@pytest.mark.parametrize("status", sorted(OPEN))
def test_live_care_holds_the_child(visit, status):
    ChildSlot.objects.all().delete()
    set_status(visit.booking, status)

    assert differences() == [("booking_empty", visit.booking.pk, status, "slots")]


def test_class_that_the_child_does_not_attend_holds_no_child(visit):
    ChildSlot.objects.all().delete()
    Booking.objects.filter(pk=visit.booking.pk).update(kind="session", product=None, mode="")

    assert differences() == []


def test_child_that_came_back_in_the_last_quarter_is_held_no_more(visit):
    do(moves.mark_absent, visit, tomorrow("16:50"))
    do(moves.undo_mark, visit, tomorrow("16:55"))

    assert not ChildSlot.objects.exists()
    assert differences() == []


@pytest.mark.parametrize(
    ("moment", "differs"), [("13:30", True), ("13:45", True), ("14:00", False), ("16:45", False), ("17:00", True)]
)
def test_child_is_held_within_the_hours_of_the_booking(visit, moment, differs):
    slot = ChildSlot.objects.get(slot_at=tomorrow("15:00"))
    ChildSlot.objects.exclude(pk=slot.pk).delete()
    ChildSlot.objects.filter(pk=slot.pk).update(slot_at=tomorrow(moment))

    found = [(what, pk) for what, pk, _found, _expected in differences()]
    assert found == ([("slot_moment", slot.pk)] if differs else [])


def test_quarter_under_way_at_the_beginning_belongs_to_the_booking(visit):
    Booking.objects.filter(pk=visit.booking.pk).update(starts_at=tomorrow("14:10"))

    assert differences() == []


def test_ledger_row_of_another_moment_than_its_cell(visit):
    row = BookingCell.objects.filter(booking=visit.booking).first()
    BookingCell.objects.filter(pk=row.pk).update(starts_at=row.starts_at + QUARTER)

    assert [(what, pk) for what, pk, _found, _expected in differences()] == [("ledger_moment", row.pk)]


def test_other_bookings_do_not_hide_a_difference(visit):
    user, child = toddler()
    other = booked(visit.house, user=user, child=child, now=NOW)
    ChildSlot.objects.filter(booking=visit.booking).delete()

    assert list(ledger_differences()) == [Difference("booking_empty", visit.booking.pk, "confirmed", "slots")]
    assert other.child_slots.count() == 12
