"""What follows when care was stopped (``closing``): the bookings are cancelled, and each family hears of it once."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from booking.care.queries.affected import STOPPABLE, ClosedSpan, list_affected
from booking.care.services.stop_notices import family_effect
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
from booking.places.states import WAITING
from cms.accounts.models import User
from cms.core.runtime.failures import log_failure
from cms.core.runtime.outbox import Effect
from directory.register.models import Institution
from directory.register.models.offering import DAY_MINUTES

logger = logging.getLogger(__name__)
Side = BookingEvent.Side

TOPIC = "booking.stopped"
#: Version 2 adds when care was stopped and the last booking of then; version 3 a part of the day, a class, and whether
#: what is confirmed stays.
VERSION = 3
READABLE = frozenset({1, 2, VERSION})
BATCH = 50


class StillBooked(Exception):
    """Some bookings of a stopped day could not be cancelled yet."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """Who cancels why, and what: bookings found in one of ``statuses`` under their lock. ``day_closed``: the
    institution as a whole is shut on whole days, and the families hear of that; else of cancelled bookings.
    """

    by: ActingParty
    statuses: Collection[str]
    day_closed: bool
    now: dt.datetime


def cancel_stopped(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: cancel what the stopped days still hold, batch by batch; calling it again finds nothing left.

    Only what was booked when care was stopped: since then the day may have been opened and booked again. A booking that
    can't be cancelled does not hold back the others: the rest is done first, then ``StillBooked`` has the message sent
    again.
    """
    actor = User.objects.filter(pk=payload["actor"]).first() if payload["actor"] else None
    span = _span(payload)
    stop = _Stop(
        # Days that the institution closes have a last one; the district stops care for good.
        by=ActingParty(Side.STAFF if span.last is None else Side.INSTITUTION, actor, payload["reason"]),
        statuses=WAITING if payload.get("only_waiting") else STOPPABLE,
        day_closed=span.last is not None and span.is_whole_day and not span.class_kind,
        now=now,
    )
    left = [pk for batch in _batches(payload, stop) for pk in _cancel_or_name(batch, stop)]
    if left:
        raise StillBooked(len(left))


def _batches(payload: dict[str, Any], stop: _Stop) -> list[list[int]]:
    """What is still to be cancelled, whole families together: who has several bookings is told of them at once."""
    families: dict[int, list[int]] = defaultdict(list)
    for pk, family in _affected(payload, stop):
        families[family].append(pk)
    batches: list[list[int]] = []
    for ids in families.values():
        if not batches or len(batches[-1]) >= BATCH:
            batches.append([])
        batches[-1] += ids
    return batches


def _span(payload: dict[str, Any]) -> ClosedSpan:
    """What was closed; versions 1 and 2 know whole days of the whole institution alone."""
    return ClosedSpan(
        dt.date.fromisoformat(payload["from"]),
        dt.date.fromisoformat(payload["until"]) if payload["until"] else None,
        payload.get("class_kind", ""),
        *payload.get("minutes", (0, DAY_MINUTES)),
    )


def _affected(payload: dict[str, Any], stop: _Stop) -> list[tuple[int, int]]:
    """Bookings with their families, in order. Version 1 says neither when care was stopped nor what was booked then: it
    means everything that has not begun.
    """
    affected = list_affected(
        Institution.objects.get(pk=payload["institution"]),
        span=_span(payload),
        now=dt.datetime.fromisoformat(payload["stopped_at"]) if "stopped_at" in payload else stop.now,
        statuses=stop.statuses,
    )
    if "last" in payload:
        affected = affected.filter(pk__lte=payload["last"])
    return sorted(affected.order_by().values_list("pk", "family_id"))


def _cancel_or_name(ids: list[int], stop: _Stop) -> list[int]:
    """Cancel some bookings, one by one if they can't be cancelled together; returns those that can't be cancelled."""
    try:
        retry_once_when_locked(lambda: _cancel(ids, stop))
    except Exception as error:  # any error: the other bookings are still cancelled
        if len(ids) == 1:
            log_failure(logger, f"cancelling booking {ids[0]}", error)
            return ids
        return [pk for one in ids for pk in _cancel_or_name([one], stop)]
    return []


@transaction.atomic
def _cancel(ids: list[int], stop: _Stop) -> None:
    pending = PendingEffects()
    found = Booking.objects.filter(pk__in=ids, status__in=stop.statuses).order_by("pk")
    found = found.select_related("district")
    moved: dict[int, list[Effect]] = defaultdict(list)
    for booking in list(found.select_for_update(no_key=True, of=("self",))):
        change_state(booking, Booking.Status.CANCELLED, by=stop.by, now=stop.now, pending=pending)
        moved[booking.family_id].append(pending.effects[-1])
    give_back_credits(pending, now=stop.now)
    free_ledger(pending)
    change_cells(pending.cells)
    pending.effects = [family_effect(effects, day_closed=stop.day_closed) for effects in moved.values()]
    emit_pending(pending, now=stop.now)
