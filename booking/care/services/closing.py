"""Closing a day, rectification, loss of authorisation, the end of an institution: one act.

Its future cells get target 0 in the lock order; an outbox job then cancels the bookings and notifies the families, in
batches.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from booking.care.services.transition import (
    ActingParty,
    PendingEffects,
    change_state,
    emit_pending,
    free_ledger,
    give_back_credits,
)
from booking.places import refusals
from booking.places.models import Booking, BookingEvent, CapacityCell, CapacityPool
from booking.places.services.cells import change_cells, set_targets
from booking.places.services.generation import generate_cells
from booking.places.services.locking import lock_institution, retry_once_when_locked
from booking.places.states import OPEN
from cms.accounts.models import User
from cms.core.calendar.times import day_bounds, local_date
from cms.core.runtime.failures import log_failure
from cms.core.runtime.outbox import emit
from directory.register.models import ClosingDay, Institution

logger = logging.getLogger(__name__)

TOPIC = "booking.stopped"
#: Version 2 adds when care was stopped and the last booking of then.
VERSION = 2
READABLE = frozenset({1, VERSION})
REASON_LENGTH = ClosingDay._meta.get_field("reason").max_length
BATCH = 50
#: Children inside stay.
STOPPABLE = OPEN - {Booking.Status.ARRIVED.value}


class AlreadyClosed(refusals.Refused):
    """The day is closed already."""

    code = "closed"
    message = _("这一天已经设为休息。")


class StillBooked(Exception):
    """Some bookings of a stopped day could not be cancelled yet."""


class PastDay(refusals.InvalidInput):
    """A day that is over can't be closed."""

    code = "past_day"
    message = _("请选今天或以后的日子。")


def list_affected(
    institution: Institution, *, from_day: dt.date, until_day: dt.date | None, now: dt.datetime
) -> QuerySet[Booking]:
    """Bookings that stopping care at ``now`` cancels, by time; ``until_day`` None = all from ``from_day`` on. Children
    inside and stays that have begun are left.
    """
    found = Booking.objects.filter(
        institution=institution,
        kind=Booking.Kind.CARE,
        status__in=STOPPABLE,
        service_date__gte=from_day,
        starts_at__gt=now,
    )
    if until_day is not None:
        found = found.filter(service_date__lte=until_day)
    return found.select_related("child", "product").order_by("starts_at", "pk")


def close_day(
    *, institution: Institution, day: dt.date, reason: str, actor: AbstractBaseUser | None, now: dt.datetime
) -> ClosingDay:
    """Close one day: no place is sold any more, and its bookings are cancelled and their families notified.

    Raises ``PastDay``, ``AlreadyClosed``, ``Busy``.
    """
    if day < local_date(now):
        raise PastDay

    def act() -> ClosingDay:
        locked = lock_institution(institution.pk)
        closing, created = ClosingDay.objects.get_or_create(
            institution=institution, date=day, defaults={"reason": reason[:REASON_LENGTH], "created_at": now}
        )
        if not created:
            raise AlreadyClosed
        _stop(locked, from_day=day, until_day=day, reason=reason, now=now, actor=actor)
        return closing

    return retry_once_when_locked(transaction.atomic(act))


def reopen_day(*, institution: Institution, day: dt.date, now: dt.datetime) -> None:
    """Open a closed day again; cancelled bookings stay cancelled. Raises ``Busy``."""

    def act() -> None:
        lock_institution(institution.pk)
        ClosingDay.objects.filter(institution=institution, date=day).delete()
        generate_cells(institution_ids=[institution.pk], days=(day, day), now=now)

    retry_once_when_locked(transaction.atomic(act))


def stop_care(*, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime) -> None:
    """No more care from a day on (authorisation lost, rectification, end); registered with the directory.

    The directory's transaction has locked the institution and is not tried again: what is tried twice is our part of
    it, a savepoint. Raises ``Busy``, which takes the directory's act back too.
    """

    def act() -> None:
        _stop(lock_institution(institution_id), from_day=from_day, until_day=None, reason=reason, now=now, actor=None)

    retry_once_when_locked(transaction.atomic(act))


def resume_care(*, institution_id: int, now: dt.datetime) -> None:
    """Care may be offered again; registered with the directory, in whose transaction it is a savepoint, as
    ``stop_care``. Raises ``Busy``.
    """
    generate_cells(institution_ids=[institution_id], now=now)


def _stop(
    institution: Institution,
    *,
    from_day: dt.date,
    until_day: dt.date | None,
    reason: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
) -> None:
    """Inside the caller's transaction, which has locked the institution."""
    start = max(day_bounds(from_day)[0], now)
    cells = CapacityCell.objects.filter(
        pool__institution=institution, pool__kind=CapacityPool.Kind.CARE, starts_at__gte=start, target__gt=0
    )
    if until_day is not None:
        cells = cells.filter(starts_at__lt=day_bounds(until_day)[1])
    set_targets(dict.fromkeys(cells.values_list("pk", flat=True), 0))
    # Read after the cells are locked: a hold that was faster is seen, a slower one finds no place.
    affected = list_affected(institution, from_day=from_day, until_day=until_day, now=now)
    payload = {
        "institution": institution.pk,
        "from": from_day.isoformat(),
        "until": until_day.isoformat() if until_day else None,
        "reason": reason,
        "actor": actor.pk if actor else None,
        "stopped_at": now.isoformat(),
        "last": affected.order_by().aggregate(last=Max("pk"))["last"] or 0,
    }
    emit(
        topic=TOPIC,
        key=f"{institution.pk}-{from_day}-{until_day}-{now.timestamp()}",
        payload=payload,
        now=now,
        district_code=institution.district.code,
        version=VERSION,
    )


def cancel_stopped(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: cancel what the stopped days still hold, batch by batch; calling it again finds nothing left.

    Only what was booked when care was stopped: since then the day may have been opened and booked again. A booking that
    can't be cancelled does not hold back the others: the rest is done first, then ``StillBooked`` has the message sent
    again.
    """
    ids = _ids_affected(payload, now=now)
    actor = User.objects.filter(pk=payload["actor"]).first() if payload["actor"] else None
    stop = _Stop(
        by=ActingParty(BookingEvent.Side.INSTITUTION, actor, payload["reason"]),
        day_closed=payload["until"] == payload["from"],
        now=now,
    )
    left = [pk for start in range(0, len(ids), BATCH) for pk in _cancel_or_name(ids[start : start + BATCH], stop)]
    if left:
        raise StillBooked(len(left))


def _ids_affected(payload: dict[str, Any], *, now: dt.datetime) -> list[int]:
    """What is still to be cancelled, in order. Version 1 says neither when care was stopped nor what was booked then:
    it means everything that has not begun.
    """
    affected = list_affected(
        Institution.objects.get(pk=payload["institution"]),
        from_day=dt.date.fromisoformat(payload["from"]),
        until_day=dt.date.fromisoformat(payload["until"]) if payload["until"] else None,
        now=dt.datetime.fromisoformat(payload["stopped_at"]) if "stopped_at" in payload else now,
    )
    if "last" in payload:
        affected = affected.filter(pk__lte=payload["last"])
    return sorted(affected.order_by().values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class _Stop:
    """Who cancels why, and whether the families hear of one closed day or of the end of care."""

    by: ActingParty
    day_closed: bool
    now: dt.datetime


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
    found = Booking.objects.filter(pk__in=ids, status__in=STOPPABLE).order_by("pk")
    found = found.select_related("district")
    for booking in list(found.select_for_update(no_key=True, of=("self",))):
        change_state(booking, Booking.Status.CANCELLED, by=stop.by, now=stop.now, pending=pending)
    give_back_credits(pending, now=stop.now)
    free_ledger(pending)
    change_cells(pending.cells)
    pending.effects = [e._replace(payload={**e.payload, "day_closed": stop.day_closed}) for e in pending.effects]
    emit_pending(pending, now=stop.now)
