"""Closing a day, rectification, loss of authorisation, the end of an institution: one act.

Its future cells get target 0 in the lock order; an outbox job then cancels and tells the families in batches.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from booking.care.services.transition import Batch, Mover, emit_batch, move
from booking.places import refusals
from booking.places.models import Booking, BookingEvent, CapacityCell, CapacityPool
from booking.places.services.cells import change_cells, set_targets
from booking.places.services.generation import generate_cells
from booking.places.states import OPEN
from cms.core.calendar.times import day_bounds, local_date
from cms.core.runtime.outbox import emit
from directory.register.models import ClosingDay, Institution

TOPIC = "booking.stopped"
BATCH = 50


class AlreadyClosed(refusals.Refused):
    """The day is closed already."""

    code = "closed"
    message = _("这一天已经设为休息。")


class PastDay(refusals.InvalidInput):
    """A day that is over can't be closed."""

    code = "past_day"
    message = _("请选今天或以后的日子。")


def list_affected(institution: Institution, *, from_day: dt.date, until_day: dt.date | None) -> QuerySet[Booking]:
    """Bookings that would be cancelled, by time; ``until_day`` None = all from ``from_day`` on. Children inside
    stay.
    """
    found = Booking.objects.filter(
        institution=institution,
        kind=Booking.Kind.CARE,
        status__in=OPEN - {Booking.Status.ARRIVED.value},
        service_date__gte=from_day,
    )
    if until_day is not None:
        found = found.filter(service_date__lte=until_day)
    return found.select_related("child", "product").order_by("starts_at", "pk")


@transaction.atomic
def close_day(
    *, institution: Institution, day: dt.date, reason: str, actor: AbstractBaseUser | None, now: dt.datetime
) -> ClosingDay:
    """Close one day: no place is sold any more, and its bookings are cancelled and told. Raises ``AlreadyClosed``."""
    if day < local_date(now):
        raise PastDay
    closing, created = ClosingDay.objects.get_or_create(
        institution=institution, date=day, defaults={"reason": reason, "created_at": now}
    )
    if not created:
        raise AlreadyClosed
    _stop(institution.pk, from_day=day, until_day=day, reason=reason, now=now, actor=actor)
    return closing


@transaction.atomic
def reopen_day(*, institution: Institution, day: dt.date, now: dt.datetime) -> None:
    """Open a closed day again; cancelled bookings stay cancelled."""
    ClosingDay.objects.filter(institution=institution, date=day).delete()
    generate_cells(institution_ids=[institution.pk], days=(day, day), now=now)


@transaction.atomic
def stop_care(*, institution_id: int, from_day: dt.date, reason: str, now: dt.datetime) -> None:
    """No more care from a day on (authorisation lost, rectification, end); registered with the directory."""
    _stop(institution_id, from_day=from_day, until_day=None, reason=reason, now=now, actor=None)


def resume_care(*, institution_id: int, now: dt.datetime) -> None:
    """Care may be offered again; registered with the directory."""
    generate_cells(institution_ids=[institution_id], now=now)


def _stop(
    institution_id: int,
    *,
    from_day: dt.date,
    until_day: dt.date | None,
    reason: str,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
) -> None:
    start = max(day_bounds(from_day)[0], now)
    cells = CapacityCell.objects.filter(
        pool__institution_id=institution_id, pool__kind=CapacityPool.Kind.CARE, starts_at__gte=start, target__gt=0
    )
    if until_day is not None:
        cells = cells.filter(starts_at__lt=day_bounds(until_day)[1])
    set_targets(dict.fromkeys(cells.values_list("pk", flat=True), 0))
    payload = {
        "institution": institution_id,
        "from": from_day.isoformat(),
        "until": until_day.isoformat() if until_day else None,
        "reason": reason,
        "actor": actor.pk if actor else None,
    }
    emit(topic=TOPIC, key=f"{institution_id}-{from_day}-{until_day}-{now.timestamp()}", payload=payload, now=now)


def cancel_stopped(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: cancel what the stopped days still hold, batch by batch; calling it again finds nothing left."""
    institution = Institution.objects.get(pk=payload["institution"])
    until = dt.date.fromisoformat(payload["until"]) if payload["until"] else None
    affected = list_affected(institution, from_day=dt.date.fromisoformat(payload["from"]), until_day=until)
    while ids := list(affected.filter(starts_at__gt=now).values_list("pk", flat=True)[:BATCH]):
        if not _cancel_batch(ids, payload, now=now):
            return


@transaction.atomic
def _cancel_batch(ids: list[int], payload: dict[str, Any], *, now: dt.datetime) -> int:
    batch = Batch()
    by = Mover(BookingEvent.Side.INSTITUTION, None, payload["reason"][:80])
    done = 0
    for booking in Booking.objects.filter(pk__in=ids).order_by("pk"):
        try:
            move(booking, Booking.Status.CANCELLED, by=by, now=now, batch=batch)
        except refusals.WrongState:
            continue
        done += 1
    batch.effects = [
        effect._replace(payload={**effect.payload, "stopped": payload["until"] == payload["from"]})
        for effect in batch.effects
    ]
    change_cells(batch.cells)
    emit_batch(batch, now=now)
    return done
