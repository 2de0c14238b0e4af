"""Holds and requests that ran out. Readers treat them as ended already; this gives their places back."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Case, QuerySet, When

from booking.care.services.transition import (
    ActingParty,
    PendingEffects,
    change_state,
    emit_pending,
    free_ledger,
    give_back_credits,
)
from booking.places.models import Booking, BookingEvent
from booking.places.services.cells import change_cells
from booking.places.services.locking import retry_once_when_locked
from booking.places.states import lapsed
from cms.core.runtime.failures import log_failure

SWEEP = 200
BATCH = 50
#: Overdue for so long, a booking has failed in every sweep: others go first.
STUCK = dt.timedelta(hours=1)

logger = logging.getLogger(__name__)


class StillOverdue(Exception):
    """Some overdue bookings could not be expired; the log names them, the next sweep tries them again."""


def overdue(now: dt.datetime) -> QuerySet[Booking]:
    """Bookings whose time to confirm or to answer is over."""
    return Booking.objects.filter(lapsed(now))


def expire_overdue(*, now: dt.datetime, limit: int = SWEEP) -> int:
    """The sweeper: expire overdue holds and requests, oldest first; returns how many. One that fails holds back no
    other, and once it is ``STUCK`` it comes last; raises ``StillOverdue`` in the end.
    """
    is_stuck = Case(When(expires_at__lte=now - STUCK, then=1), default=0)
    due = overdue(now).order_by(is_stuck, "expires_at", "pk").values_list("pk", flat=True)
    expired, tried, failed = 0, list[int](), list[int]()
    while ids := list(due.exclude(pk__in=tried)[: min(BATCH, limit - expired)]):
        tried += ids
        done, left = _expire_or_name(ids, now=now)
        expired, failed = expired + done, failed + left
    if failed:
        raise StillOverdue(len(failed))
    return expired


def _expire_or_name(ids: list[int], *, now: dt.datetime) -> tuple[int, list[int]]:
    """Expire some bookings, one by one if they can't go together; returns how many, and those that can't be expired."""
    try:
        return expire_bookings(ids, now=now), []
    except Exception as error:  # whatever it is, the other places are given back
        if len(ids) == 1:
            log_failure(logger, f"expiring booking {ids[0]}", error)
            return 0, ids
    alone = [_expire_or_name([one], now=now) for one in ids]
    return sum(done for done, _left in alone), [pk for _done, left in alone for pk in left]


def expire_overdue_of_child(child_id: int, *, now: dt.datetime) -> None:
    """Expire what overdue holds of the child still occupy, or wait until somebody else has done so."""
    _clear(overdue(now).filter(child_id=child_id), now=now)


def expire_overdue_in(cells: Iterable[int], *, now: dt.datetime) -> None:
    """Expire what overdue holds still occupy of some cells, or wait until somebody else has done so."""
    _clear(overdue(now).filter(cells__cell_id__in=list(cells)).distinct(), now=now)


def _clear(found: QuerySet[Booking], *, now: dt.datetime) -> None:
    ids = list(found.values_list("pk", flat=True))
    if ids:
        retry_once_when_locked(lambda: _expire(ids, now=now, skip_locked=False))


def expire_bookings(ids: Iterable[int], *, now: dt.datetime) -> int:
    """Expire the overdue ones among some bookings in one transaction; returns how many.

    Rows that another transaction has locked are skipped.
    """
    wanted = list(ids)
    return retry_once_when_locked(lambda: _expire(wanted, now=now)) if wanted else 0


@transaction.atomic
def _expire(ids: list[int], *, now: dt.datetime, skip_locked: bool = True) -> int:
    found = overdue(now).filter(pk__in=ids).order_by("pk").select_related("district")
    found = found.select_for_update(skip_locked=skip_locked, no_key=True, of=("self",))
    bookings = list(found)
    expire_locked(bookings, now=now)
    return len(bookings)


def expire_locked(bookings: Iterable[Booking], *, now: dt.datetime) -> None:
    """Expire overdue bookings whose rows the caller's transaction has locked, by id."""
    pending = PendingEffects()
    by = ActingParty(BookingEvent.Side.SITE)
    for booking in bookings:
        # A hold the parent let go needs no message; an unanswered request does.
        quiet = booking.status == Booking.Status.HELD
        change_state(booking, Booking.Status.EXPIRED, by=by, now=now, pending=pending, quiet=quiet)
    give_back_credits(pending, now=now)
    free_ledger(pending)
    change_cells(pending.cells)
    emit_pending(pending, now=now)
