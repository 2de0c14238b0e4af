"""One booking moved in one transaction: the frame of every act at the door, of its answer and of its correction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from booking.care.services.transition import (
    ActingParty,
    PendingEffects,
    change_state,
    emit_pending,
    free_ledger,
    give_back_credits,
    take_back_released,
)
from booking.places import refusals
from booking.places.models import Booking
from booking.places.services.cells import PlacesGone, change_cells, over_by
from booking.places.services.locking import retry_once_when_locked
from booking.places.states import SPENT


def in_transaction(act: Callable[[], Booking]) -> Booking:
    """The act in one transaction, once more after lock trouble; places that are gone become a question."""
    try:
        return retry_once_when_locked(transaction.atomic(act))
    except PlacesGone as error:
        raise refusals.OverPlaces(over=over_by(error.extra["deltas"])) from error


def move_locked(
    booking: Booking,
    to_status: str,
    *,
    by: ActingParty,
    now: dt.datetime,
    changes: Mapping[str, Any] | None = None,
    over_ok: bool = False,
    quiet: bool = False,
    corrects: bool = False,
) -> Booking:
    """One move of a booking that the caller has locked, cells last."""
    pending = PendingEffects()
    comes_back = booking.status in SPENT and to_status not in SPENT
    change_state(booking, to_status, by=by, now=now, pending=pending, changes=changes, quiet=quiet, corrects=corrects)
    give_back_credits(pending, now=now)
    free_ledger(pending)
    if comes_back:
        take_back_released(booking, now=now, pending=pending)
    if pending.cells:
        # A stay that is over only enters what was: nobody is asked whether the child may come in.
        change_cells(pending.cells, over_ok=over_ok or booking.ends_at <= now)
    emit_pending(pending, now=now)
    return booking
