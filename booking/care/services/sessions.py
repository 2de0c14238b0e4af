"""Places of class sessions on the same core: a pool of raster 0 with one cell, and bookings of kind session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from booking.care.services import take
from booking.care.services.expiry import expire_overdue_of_child
from booking.care.services.transition import Batch, Mover, move
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, CapacityPool, ChildSlot
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.services.cells import PlacesGone, change_cells, lock_cells, set_targets
from booking.places.services.locking import retry_once_when_locked
from cms.accounts.models import Child, Family, User
from cms.core.calendar.times import local_date
from directory.register.models import Institution

ONE = 1


@transaction.atomic
def create_session_cell(
    *, starts_at: dt.datetime, ends_at: dt.datetime, capacity: int, institution: Institution | None = None
) -> CapacityCell:
    """A pool of its own for a session, with its one cell."""
    pool = CapacityPool.objects.create(
        kind=CapacityPool.Kind.SESSION, institution=institution, bucket=HOUSE_BUCKET, raster_minutes=0
    )
    return CapacityCell.objects.create(
        pool=pool, starts_at=starts_at, ends_at=ends_at, target=capacity, capacity=capacity, taken=0
    )


@transaction.atomic
def change_session_cell(
    *, cell: CapacityCell, starts_at: dt.datetime, ends_at: dt.datetime, capacity: int
) -> CapacityCell:
    """Move a session in time or change its places; taken places stay taken (over by n)."""
    lock_cells([cell.pk])
    CapacityCell.objects.filter(pk=cell.pk).update(starts_at=starts_at, ends_at=ends_at)
    set_targets({cell.pk: capacity})
    cell.refresh_from_db()
    return cell


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose place it is. ``takes_child_slots`` for 亲子活动: the child is there too."""

    user: User
    family: Family
    child: Child | None
    takes_child_slots: bool


def book_session(*, seat: Seat, cell: CapacityCell, attach: Callable[[Booking], None], now: dt.datetime) -> Booking:
    """Take one place of a session for a family, confirmed at once.

    ``attach`` writes the caller's own row about the booking, in its transaction and before the cell. Raises ``Full``,
    ``Duplicate`` (also when ``attach`` meets a unique row), ``Busy``.
    """
    if cell.capacity - cell.taken < ONE:
        raise refusals.Full(alternatives=[])
    try:
        return retry_once_when_locked(lambda: _book(seat, cell, attach, now))
    except PlacesGone as error:
        raise refusals.Full(alternatives=[]) from error
    except IntegrityError as error:
        if seat.child is None or not expire_overdue_of_child(seat.child.pk, now=now):
            raise refusals.Duplicate from error
    try:
        return _book(seat, cell, attach, now)
    except PlacesGone as error:
        raise refusals.Full(alternatives=[]) from error
    except IntegrityError as error:
        raise refusals.Duplicate from error


@transaction.atomic
def _book(seat: Seat, cell: CapacityCell, attach: Callable[[Booking], None], now: dt.datetime) -> Booking:
    booking = Booking.objects.create(
        kind=Booking.Kind.SESSION,
        status=Booking.Status.CONFIRMED,
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
        booking=booking, to_status=booking.status, side=BookingEvent.Side.PARENT, actor=seat.user, at=now
    )
    attach(booking)
    BookingCell.objects.create(booking=booking, cell=cell, units=ONE)
    if seat.takes_child_slots and seat.child is not None:
        ChildSlot.objects.bulk_create(_slots(booking, seat.child.pk, cell.starts_at, cell.ends_at))
    change_cells({cell.pk: ONE})
    return booking


def cancel_session_booking(*, booking: Booking, by: Mover, detach: Callable[[], None], now: dt.datetime) -> Booking:
    """Give a session's place back; cancelling twice answers the same. ``detach`` closes the caller's own row
    with it.
    """
    if booking.status == Booking.Status.CANCELLED:
        return booking

    def act() -> Booking:
        before = booking.status
        try:
            with transaction.atomic():
                batch = Batch()
                move(booking, Booking.Status.CANCELLED, by=by, now=now, batch=batch, quiet=True)
                detach()
                change_cells(batch.cells)
        except Exception:
            booking.status = before
            raise
        return booking

    return retry_once_when_locked(act)


@transaction.atomic
def move_session_bookings(*, cell: CapacityCell, now: dt.datetime) -> list[Booking]:
    """Let the bookings of a session follow its new time; returns those that are still to come.

    A child that is elsewhere at the new time keeps that other place: the family is told of the change and decides.
    """
    bookings = list(Booking.objects.filter(cells__cell=cell, status=Booking.Status.CONFIRMED).order_by("pk"))
    with_slots = set(ChildSlot.objects.filter(booking__in=bookings).values_list("booking_id", flat=True))
    ChildSlot.objects.filter(booking__in=with_slots).delete()
    Booking.objects.filter(pk__in=[booking.pk for booking in bookings]).update(
        starts_at=cell.starts_at, ends_at=cell.ends_at, service_date=local_date(cell.starts_at), changed_at=now
    )
    slots = [
        slot
        for booking in bookings
        if booking.pk in with_slots and booking.child_id
        for slot in _slots(booking, booking.child_id, cell.starts_at, cell.ends_at)
    ]
    ChildSlot.objects.bulk_create(slots, ignore_conflicts=True)
    return bookings


def _slots(booking: Booking, child_id: int, starts_at: dt.datetime, ends_at: dt.datetime) -> list[ChildSlot]:
    return [
        ChildSlot(child_id=child_id, slot_at=slot, booking=booking) for slot in take.slots_between(starts_at, ends_at)
    ]
