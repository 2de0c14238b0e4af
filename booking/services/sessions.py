"""Places of class sessions on the same core: a pool of raster 0 with one cell, and bookings of kind session."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from booking.models import Booking, BookingCell, BookingEvent, CapacityCell, CapacityPool, ChildSlot
from booking.models.capacity import HOUSE_BUCKET
from booking.services import refusals, take
from booking.services.cells import PlacesGone, change_cells, lock_cells, set_targets
from booking.services.expiry import expire_overdue_of_child
from booking.services.locking import retry_once_when_locked
from booking.services.transition import Batch, Mover, emit_batch, move
from cms.accounts.models import Child, Family, User
from cms.core.times import local_date
from directory.models import Institution

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


def book_session(
    *, user: User, family: Family, child: Child | None, cell: CapacityCell, takes_child_slots: bool, now: dt.datetime
) -> Booking:
    """Take one place of a session for a family, confirmed at once.

    ``takes_child_slots`` for 亲子活动: the child is there too. Raises ``Full``, ``Duplicate``, ``Busy``.
    """
    if cell.capacity - cell.taken < ONE:
        raise refusals.Full(alternatives=[])
    child_slots = child if takes_child_slots else None
    try:
        return retry_once_when_locked(lambda: _book(user, family, child, cell, child_slots, now))
    except PlacesGone as error:
        raise refusals.Full(alternatives=[]) from error
    except IntegrityError as error:
        if child is None or not expire_overdue_of_child(child.pk, now=now):
            raise refusals.Duplicate from error
    try:
        return _book(user, family, child, cell, child_slots, now)
    except IntegrityError as error:
        raise refusals.Duplicate from error


@transaction.atomic
def _book(
    user: User, family: Family, child: Child | None, cell: CapacityCell, child_slots: Child | None, now: dt.datetime
) -> Booking:
    take.limit_lock_wait()
    booking = Booking.objects.create(
        kind=Booking.Kind.SESSION,
        status=Booking.Status.CONFIRMED,
        family=family,
        created_by=user,
        institution_id=cell.pool.institution_id,
        child=child,
        pool_id=cell.pool_id,
        units=ONE,
        service_date=local_date(cell.starts_at),
        starts_at=cell.starts_at,
        ends_at=cell.ends_at,
        created_at=now,
        changed_at=now,
    )
    BookingEvent.objects.create(
        booking=booking, to_status=booking.status, side=BookingEvent.Side.PARENT, actor=user, at=now
    )
    BookingCell.objects.create(booking=booking, cell=cell, units=ONE)
    if child_slots is not None:
        ChildSlot.objects.bulk_create(
            ChildSlot(child=child_slots, slot_at=slot, booking=booking)
            for slot in take.slots_between(cell.starts_at, cell.ends_at)
        )
    change_cells({cell.pk: ONE})
    return booking


def cancel_session_booking(*, booking: Booking, by: Mover, now: dt.datetime, quiet: bool = True) -> Booking:
    """Give a session's place back; cancelling twice answers the same."""
    if booking.status == Booking.Status.CANCELLED:
        return booking

    def act() -> Booking:
        with transaction.atomic():
            batch = Batch()
            move(booking, Booking.Status.CANCELLED, by=by, now=now, batch=batch, quiet=quiet)
            change_cells(batch.cells)
            emit_batch(batch, now=now)
        return booking

    return retry_once_when_locked(act)
