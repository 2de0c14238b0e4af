"""Holds that give way to another choice of the same family."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

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
from cms.accounts.models import FamilyMember, User


def give_back_holds(*, user: User, ids: Sequence[int], now: dt.datetime) -> None:
    """Cancel these holds of the user's family; what is no hold any more stays as it is."""
    if ids:
        retry_once_when_locked(lambda: _give_back(user, sorted(ids), now))


@transaction.atomic
def _give_back(user: User, ids: Sequence[int], now: dt.datetime) -> None:
    pending = PendingEffects()
    give_way(ids, user=user, now=now, pending=pending)
    give_back_credits(pending, now=now)
    free_ledger(pending)
    change_cells(pending.cells)
    emit_pending(pending, now=now)


def give_way(ids: Sequence[int], *, user: User, now: dt.datetime, pending: PendingEffects) -> None:
    """Cancel holds of the user's family, inside the caller's transaction.

    One that ran out or was confirmed in this very moment needs nothing, or stays.
    """
    by = ActingParty(BookingEvent.Side.PARENT, user)
    family = FamilyMember.objects.filter(user=user).values("family")
    held = Booking.objects.filter(pk__in=ids, family__in=family, status=Booking.Status.HELD).order_by("pk")
    held = held.select_related("district")
    for earlier in held.select_for_update(no_key=True, of=("self",)):
        change_state(earlier, Booking.Status.CANCELLED, by=by, now=now, pending=pending)
