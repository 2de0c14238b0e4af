"""Holds and requests that ran out. They count as gone at read time; this gives their places back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet

from booking.care.services.transition import Batch, Mover, emit_batch, move
from booking.places import refusals
from booking.places.models import Booking, BookingEvent
from booking.places.services.cells import change_cells
from booking.places.states import WAITING

SWEEP = 200


def overdue(now: dt.datetime) -> QuerySet[Booking]:
    """Bookings whose time to confirm or to answer is over."""
    return Booking.objects.filter(status__in=WAITING, expires_at__lte=now)


def expire_overdue(*, now: dt.datetime, limit: int = SWEEP) -> int:
    """The sweeper: expire overdue holds and requests, oldest first; returns how many."""
    ids = overdue(now).order_by("expires_at").values_list("pk", flat=True)[:limit]
    return expire_bookings(ids, now=now)


def expire_overdue_of_child(child_id: int, *, now: dt.datetime) -> int:
    """Expire what an overdue hold of the child still occupies; returns how many."""
    return expire_bookings(overdue(now).filter(child_id=child_id).values_list("pk", flat=True), now=now)


def expire_bookings(ids: Iterable[int], *, now: dt.datetime) -> int:
    """Expire the overdue ones among some bookings in one transaction; returns how many. Racing callers share them."""
    wanted = list(ids)
    if not wanted:
        return 0
    with transaction.atomic():
        found = overdue(now).filter(pk__in=wanted).order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True, no_key=True)
        batch = Batch()
        expired = sum(_expire(booking, now=now, batch=batch) for booking in found)
        change_cells(batch.cells)
        emit_batch(batch, now=now)
    return expired


def _expire(booking: Booking, *, now: dt.datetime, batch: Batch) -> int:
    by = Mover(BookingEvent.Side.SITE)
    try:
        # A hold the parent let go needs no message; an unanswered request does.
        quiet = booking.status == Booking.Status.HELD
        move(booking, Booking.Status.EXPIRED, by=by, now=now, batch=batch, quiet=quiet)
    except refusals.WrongState:
        return 0
    return 1
