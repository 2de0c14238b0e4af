"""One move of a booking: compare-and-set on its row, an event, what it gives back or takes again, and the outbox
row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError

from booking.care.extension import credits
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, ChildSlot
from booking.places.states import SPENT, STATES, may_move
from cms.accounts.models import User
from cms.core.runtime.outbox import Effect, emit_many

TOPIC = "booking.moved"


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves a booking: ``side`` is a ``BookingEvent.Side``, ``actor`` None for the site itself."""

    side: str
    actor: User | None = None
    reason: str = ""


@dataclass(slots=True)
class Batch:
    """Deltas of cells and outbox rows gathered over several moves, so that cells change once, last."""

    cells: dict[int, int] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)

    def add_cells(self, deltas: Mapping[int, int]) -> None:
        for cell, units in deltas.items():
            self.cells[cell] = self.cells.get(cell, 0) + units


def move(
    booking: Booking,
    to_status: str,
    *,
    by: Mover,
    now: dt.datetime,
    batch: Batch,
    changes: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> BookingEvent:
    """Move a booking inside the caller's transaction.

    Raises ``WrongState`` when the table forbids it or somebody else moved it first. Cells are only gathered in
    ``batch``: the caller passes ``batch.cells`` to ``change_cells`` last, and ``batch.effects`` to the outbox.
    """
    from_status = booking.status
    if not may_move(from_status, to_status):
        raise refusals.WrongState
    values = {"status": to_status, "changed_at": now, **(changes or {})}
    if not Booking.objects.filter(pk=booking.pk, status=from_status).update(**values):
        raise refusals.WrongState
    for name, value in values.items():
        setattr(booking, name, value)
    released = None
    if STATES[from_status].holds_cells and not STATES[to_status].holds_cells:
        released = release(booking, keep_past=to_status in SPENT, now=now, batch=batch)
    event = BookingEvent.objects.create(
        booking=booking,
        from_status=from_status,
        to_status=to_status,
        side=by.side,
        actor=by.actor,
        reason=by.reason,
        released=released,
        at=now,
    )
    if not quiet:
        batch.effects.append(moved_effect(booking, event))
    return event


def moved_effect(booking: Booking, event: BookingEvent) -> Effect:
    """The outbox row that tells the rest of the site of a move."""
    payload = {
        "booking": booking.pk,
        "event": event.pk,
        "from": event.from_status,
        "to": event.to_status,
        "side": event.side,
        "reason": event.reason,
    }
    return Effect(TOPIC, f"event-{event.pk}", payload)


def release(booking: Booking, *, keep_past: bool, now: dt.datetime, batch: Batch) -> dict[str, Any]:
    """Give back the booking's cells and child slots (with ``keep_past`` only those still to come); returns what."""
    ledger = BookingCell.objects.filter(booking=booking)
    if keep_past:
        ledger = ledger.filter(cell__starts_at__gte=now)
    held = dict(ledger.values_list("cell_id", "units"))
    slots = ChildSlot.objects.filter(booking=booking)
    gone_slots = list(slots.filter(slot_at__gte=now).values_list("slot_at", flat=True)) if keep_past else []
    slots.delete()
    BookingCell.objects.filter(booking=booking, cell_id__in=held).delete()
    batch.add_cells({cell: -units for cell, units in held.items()})
    provider = credits()
    if provider is not None and booking.credit and not keep_past:
        provider.release(booking=booking, now=now)
    return {"cells": {str(k): v for k, v in held.items()}, "slots": [slot.isoformat() for slot in gone_slots]}


def retake(booking: Booking, *, now: dt.datetime, batch: Batch) -> None:
    """Take again what the last release of the booking gave back, as far as it is still to come.

    Raises ``Duplicate`` when the child has since been booked elsewhere.
    """
    event = booking.events.filter(released__isnull=False).order_by("-at", "-pk").first()
    if event is None or event.released is None:
        return
    wanted = {int(cell): units for cell, units in event.released["cells"].items()}
    coming = set(_still_coming(wanted, now=now))
    cells = {cell: units for cell, units in wanted.items() if cell in coming}
    slots = [moment for moment in map(dt.datetime.fromisoformat, event.released["slots"]) if moment >= now]
    child = booking.child_id
    BookingCell.objects.bulk_create([BookingCell(booking=booking, cell_id=c, units=u) for c, u in cells.items()])
    try:
        ChildSlot.objects.bulk_create(
            [ChildSlot(child_id=child, slot_at=slot, booking=booking) for slot in sorted(slots) if child is not None]
        )
    except IntegrityError as error:
        raise refusals.Duplicate from error
    batch.add_cells(cells)


def _still_coming(cells: Mapping[int, int], *, now: dt.datetime) -> list[int]:
    return list(CapacityCell.objects.filter(pk__in=list(cells), ends_at__gt=now).values_list("pk", flat=True))


def emit_batch(batch: Batch, *, now: dt.datetime) -> None:
    """Write the outbox rows gathered, in the caller's transaction."""
    emit_many(batch.effects, now=now)
