"""Places of class sessions on the same core: a pool of raster 0 with one cell, and bookings of kind session.

Whoever owns the session locks it first and reads its cell under that lock; the functions here then run in the caller's
transaction, in the one lock order: bookings by id, children, new rows, child slots, the cell last.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from booking.care.services.transition import ActingParty, PendingEffects, move
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
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    capacity: int,
    district_id: int,
    takes_child_slots: bool,
    now: dt.datetime,
) -> list[Booking]:
    """Move a session in time, change its places or its district (for what is booked from now on); taken places stay
    taken (over by n).

    Confirmed bookings follow a new time and are returned with it; [] where the time is as before. ``cell`` is brought
    up to date.
    """
    moved: list[Booking] = []
    if (cell.starts_at, cell.ends_at) != (starts_at, ends_at):
        moved = _move_bookings(cell, starts_at, ends_at, takes_child_slots=takes_child_slots, now=now)
        BookingCell.objects.filter(cell=cell).update(starts_at=starts_at)
    CapacityPool.objects.filter(pk=cell.pool_id).exclude(district=district_id).update(district=district_id)
    lock_cells([cell.pk])
    CapacityCell.objects.filter(pk=cell.pk).update(starts_at=starts_at, ends_at=ends_at)
    set_targets({cell.pk: capacity})
    cell.refresh_from_db()
    return moved


def _move_bookings(
    cell: CapacityCell, starts_at: dt.datetime, ends_at: dt.datetime, *, takes_child_slots: bool, now: dt.datetime
) -> list[Booking]:
    """Let the bookings follow.

    A child that is elsewhere at the new time keeps that other place: the family is notified of the change and decides.
    """
    found = Booking.objects.filter(cells__cell=cell, status=Booking.Status.CONFIRMED).order_by("pk")
    bookings = list(found.select_for_update(no_key=True, of=("self",)))
    for booking in bookings:
        booking.starts_at, booking.ends_at, booking.changed_at = starts_at, ends_at, now
        booking.service_date = local_date(starts_at)
    Booking.objects.bulk_update(bookings, ["starts_at", "ends_at", "service_date", "changed_at"])
    lock_children([booking.child_id for booking in bookings if booking.child_id is not None], no_key=True)
    ChildSlot.objects.filter(booking__in=bookings).delete()
    if takes_child_slots:
        slots = [slot for booking in bookings for slot in _child_slots(booking)]
        slots.sort(key=lambda slot: (slot.child_id, slot.slot_at))
        ChildSlot.objects.bulk_create(slots, ignore_conflicts=True)
    return bookings


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


def cancel_session_booking(*, booking: Booking, by: ActingParty, now: dt.datetime) -> None:
    """Give a session's place back, in the caller's transaction; ``booking`` comes from ``lock_session_booking``.

    Parenting notifies the family. Raises ``WrongState`` unless the place is confirmed.
    """
    pending = PendingEffects()
    move(booking, Booking.Status.CANCELLED, by=by, now=now, pending=pending, quiet=True)
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
