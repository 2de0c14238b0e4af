"""Holds that give way to another choice of the same family."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from booking.care.queries.replacements import REPLACED_BY, replacement_id
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


class HoldReplaced(Exception):
    """A hold that should give way has given way to another choice already: that one has to give way now."""


def give_back_holds(*, user: User, ids: Sequence[int], to: str, now: dt.datetime) -> None:
    """Cancel these holds of the user's family in favour of the booking ``to`` (a public id); what is no hold any more
    stays as it is. Raises ``HoldReplaced``.
    """
    if ids:
        retry_once_when_locked(lambda: _give_back(user, sorted(ids), to, now))


@transaction.atomic
def _give_back(user: User, ids: Sequence[int], to: str, now: dt.datetime) -> None:
    pending = PendingEffects()
    give_way(ids, user=user, to=to, now=now, pending=pending)
    give_back_credits(pending, now=now)
    free_ledger(pending)
    change_cells(pending.cells)
    emit_pending(pending, now=now)


def give_way(ids: Sequence[int], *, user: User, to: str, now: dt.datetime, pending: PendingEffects) -> None:
    """Cancel holds of the user's family in favour of the booking ``to``, inside the caller's transaction.

    One that ran out or was confirmed in this very moment needs nothing, or stays. One that gave way to a third booking
    in this very moment raises ``HoldReplaced``: else both would stay.
    """
    by = ActingParty(BookingEvent.Side.PARENT, user, f"{REPLACED_BY}{to}")
    family = FamilyMember.objects.filter(user=user).values("family")
    found = Booking.objects.filter(pk__in=ids, family__in=family).order_by("pk").select_related("district")
    for earlier in found.select_for_update(no_key=True, of=("self",)):
        if earlier.status == Booking.Status.HELD:
            change_state(earlier, Booking.Status.CANCELLED, by=by, now=now, pending=pending)
        elif replacement_id(earlier) not in ("", to):
            raise HoldReplaced
