"""Places of class sessions on the same core: a pool of raster 0 with one cell, and bookings of kind session.

Whoever owns the session locks it first and reads its cell under that lock; the functions here then run in the caller's
transaction, in the one lock order: bookings by id, children, new rows, child slots, the cell last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError, transaction

from booking.care.services.transition import (
    ActingParty,
    PendingEffects,
    change_state,
    free_ledger,
    give_back_credits,
)
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, CapacityPool, ChildSlot
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.services.cells import PlacesGone, change_cells, lock_cells, set_targets
from booking.places.stay_rules import slots_between
from cms.accounts.family.services.families import lock_children
from cms.accounts.models import Child, Family, User
from cms.core.calendar.times import local_date
from cms.core.runtime.sql import violates
from directory.register.models import Institution

ONE = 1


class SessionChange(NamedTuple):
    """Whose families must hear of a change: the bookings that follow a new time, and the bookings whose child is needed
    from now on but is elsewhere then.
    """

    moved: list[Booking]
    busy: list[Booking]


@transaction.atomic
def create_session_cell(
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    capacity: int,
    district_id: int,
    institution: Institution | None = None,
) -> CapacityCell:
    """Create the pool of a session with its one cell."""
    pool = CapacityPool.objects.create(
        kind=CapacityPool.Kind.SESSION,
        institution=institution,
        district_id=district_id,
        bucket=HOUSE_BUCKET,
        raster_minutes=0,
    )
    return CapacityCell.objects.create(
        pool=pool, starts_at=starts_at, ends_at=ends_at, target=capacity, capacity=capacity, taken=0
    )


@transaction.atomic
def change_session_cell(
    *,
    cell: CapacityCell,
    bookings: list[Booking],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    capacity: int,
    district_id: int,
    takes_child_slots: bool,
    now: dt.datetime,
) -> SessionChange:
    """Move a session in time, change its kind, its places or its district (for what is booked from now on); taken
    places stay taken (over by n).

    ``bookings``, from ``lock_confirmed``, follow. A child that is elsewhere then keeps that other place: the family
    decides. ``cell`` is brought up to date.
    """
    moved = (cell.starts_at, cell.ends_at) != (starts_at, ends_at)
    if moved:
        _move_bookings(bookings, starts_at, ends_at, now=now)
        BookingCell.objects.filter(cell=cell).update(starts_at=starts_at)
    busy = _set_child_slots(bookings, taken=takes_child_slots)
    CapacityPool.objects.filter(pk=cell.pool_id).exclude(district=district_id).update(district=district_id)
    lock_cells([cell.pk])
    CapacityCell.objects.filter(pk=cell.pk).update(starts_at=starts_at, ends_at=ends_at)
    set_targets({cell.pk: capacity})
    cell.refresh_from_db()
    return SessionChange(moved=bookings, busy=[]) if moved else SessionChange(moved=[], busy=busy)


def lock_confirmed(cell: CapacityCell) -> list[Booking]:
    """The confirmed bookings of a session by id, locked until the end of the caller's transaction."""
    found = Booking.objects.filter(cells__cell=cell, status=Booking.Status.CONFIRMED).order_by("pk")
    return list(found.select_for_update(no_key=True, of=("self",)))


def _move_bookings(bookings: list[Booking], starts_at: dt.datetime, ends_at: dt.datetime, *, now: dt.datetime) -> None:
    for booking in bookings:
        booking.starts_at, booking.ends_at, booking.changed_at = starts_at, ends_at, now
        booking.service_date = local_date(starts_at)
    Booking.objects.bulk_update(bookings, ["starts_at", "ends_at", "service_date", "changed_at"])


def _set_child_slots(bookings: list[Booking], *, taken: bool) -> list[Booking]:
    """Write when the children of locked bookings are at the session: all the time if ``taken``, else never.

    Returns the bookings whose child is elsewhere then, if none of the session's children had to be there before.
    """
    if not bookings:
        return []
    lock_children([booking.child_id for booking in bookings if booking.child_id is not None], no_key=True)
    rows = ChildSlot.objects.filter(booking__in=bookings)
    held = set(rows.values_list("booking_id", "slot_at"))
    wanted = [slot for booking in bookings for slot in _child_slots(booking)] if taken else []
    rows.exclude(slot_at__in={slot.slot_at for slot in wanted}).delete()
    missing = [slot for slot in wanted if (slot.booking_id, slot.slot_at) not in held]
    missing.sort(key=lambda slot: (slot.child_id, slot.slot_at))
    ChildSlot.objects.bulk_create(missing, ignore_conflicts=True)
    if held or not missing:
        return []
    written = set(rows.values_list("booking_id", "slot_at"))
    busy = {slot.booking_id for slot in missing if (slot.booking_id, slot.slot_at) not in written}
    return [booking for booking in bookings if booking.pk in busy]


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose place it is. ``takes_child_slots`` for 亲子活动: the child is there too."""

    user: User
    family: Family
    child: Child | None
    takes_child_slots: bool


def take_session_place(*, seat: Seat, cell: CapacityCell, now: dt.datetime) -> Booking:
    """Take one place of a session for a family, confirmed at once, in the caller's transaction, which has locked the
    child.

    Raises ``Duplicate`` when the child is elsewhere then, ``Full``; the caller must then roll back.
    """
    booking = Booking.objects.create(
        kind=Booking.Kind.SESSION,
        status=Booking.Status.CONFIRMED,
        district_id=cell.pool.district_id,
        family=seat.family,
        created_by=seat.user,
        institution_id=cell.pool.institution_id,
        child=seat.child,
        pool_id=cell.pool_id,
        units=ONE,
        service_date=local_date(cell.starts_at),
        starts_at=cell.starts_at,
        ends_at=cell.ends_at,
        created_at=now,
        changed_at=now,
    )
    BookingEvent.objects.create(
        booking=booking,
        district_id=booking.district_id,
        to_status=booking.status,
        side=BookingEvent.Side.PARENT,
        actor=seat.user,
        at=now,
    )
    BookingCell.objects.create(booking=booking, cell=cell, units=ONE, starts_at=cell.starts_at)
    if seat.takes_child_slots:
        _take_child_slots(booking)
    try:
        change_cells({cell.pk: ONE})
    except PlacesGone as error:
        raise refusals.Full(alternatives=[]) from error
    return booking


def lock_session_booking(booking_id: int) -> Booking:
    """The booking as it is now, locked until the end of the caller's transaction."""
    return Booking.objects.select_for_update(no_key=True).get(pk=booking_id, kind=Booking.Kind.SESSION)


def cancel_session_bookings(*, bookings: Sequence[Booking], by: ActingParty, now: dt.datetime) -> None:
    """Give places of one session back, in the caller's transaction, which has locked the bookings.

    Parenting notifies the families. Raises ``WrongState`` unless each is confirmed.
    """
    pending = PendingEffects()
    for booking in bookings:
        change_state(booking, Booking.Status.CANCELLED, by=by, now=now, pending=pending, quiet=True)
    give_back_credits(pending, now=now)
    free_ledger(pending)
    change_cells(pending.cells)


def _take_child_slots(booking: Booking) -> None:
    try:
        ChildSlot.objects.bulk_create(_child_slots(booking))
    except IntegrityError as error:
        if not violates(error, ChildSlot, "child_slot_once"):
            raise
        raise refusals.Duplicate from error


def _child_slots(booking: Booking) -> list[ChildSlot]:
    """The quarters of an hour in which the child is at the session; none for a family that comes without a child."""
    if booking.child_id is None:
        return []
    moments = slots_between(booking.starts_at, booking.ends_at)
    return [ChildSlot(child_id=booking.child_id, slot_at=moment, booking=booking) for moment in moments]
