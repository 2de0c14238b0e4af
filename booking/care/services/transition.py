"""One move of a booking: compare-and-set on its row, an event, what it gives back or takes again, and the outbox row.

An act that moves several bookings changes all their rows first (:func:`change_state`, by id), then gives back credits,
then ledger and slots, and calls ``change_cells`` once. All acts lock in this order, so no two wait for each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection

from booking.care.ports import credits
from booking.care.services.hold_sql import insert_event, insert_ledger, insert_slots
from booking.places import refusals
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, ChildSlot
from booking.places.states import SPENT, STATES, may_correct, may_move
from cms.accounts.models import User
from cms.core.calendar.times import local
from cms.core.runtime.outbox import Effect, emit_many
from cms.core.runtime.sql import execute, violates, with_tables

TOPIC = "booking.moved"
REASON_LENGTH = BookingEvent._meta.get_field("reason").max_length
#: When the child came and left.
TIMES = ("arrived_at", "left_at")
CHANGE_ROW = with_tables("UPDATE {Booking} SET {columns} WHERE id = %s AND status = %s", Booking)


@dataclass(frozen=True, slots=True)
class ActingParty:
    """Who moves a booking: ``side`` is a ``BookingEvent.Side``, ``actor`` None for the site itself. A reason is cut to
    what the history holds.
    """

    side: str
    actor: User | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", self.reason[:REASON_LENGTH])


@dataclass(slots=True)
class PendingEffects:
    """What the moves of one transaction still have to do, so that each kind of row is changed once, the cells last."""

    cells: dict[int, int] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    credits_of: list[Booking] = field(default_factory=list)
    ledger_rows: list[int] = field(default_factory=list)
    slots_of: list[int] = field(default_factory=list)

    def add_cells(self, deltas: Mapping[int, int]) -> None:
        for cell, units in deltas.items():
            self.cells[cell] = self.cells.get(cell, 0) + units


def change_state(
    booking: Booking,
    to_status: str,
    *,
    by: ActingParty,
    now: dt.datetime,
    pending: PendingEffects,
    changes: Mapping[str, Any] | None = None,
    quiet: bool = False,
    corrects: bool = False,
) -> None:
    """Write the booking's own row and its event, in the caller's transaction; ``corrects``: what is moved is what was
    recorded, not the child.

    Everything else is gathered in ``pending``: the caller gives back credits, frees the ledger, passes
    ``pending.cells`` to ``change_cells`` last, and ``pending`` to ``emit_pending``. Raises ``WrongState`` when the
    table forbids the move or somebody else moved the booking first.
    """
    from_status = booking.status
    may = may_correct if corrects else may_move
    if not may(from_status, to_status):
        raise refusals.WrongState
    times = _changed_times(booking, changes or {})
    values = {"status": to_status, "changed_at": now, **(changes or {})}
    if not _change_row(booking.pk, from_status, values):
        raise refusals.WrongState
    for name, value in values.items():
        setattr(booking, name, value)
    released = None
    if STATES[from_status].holds_cells and not STATES[to_status].holds_cells:
        released = _gather_release(booking, keep_past=to_status in SPENT, now=now, pending=pending)
    actor = by.actor.pk if by.actor else None
    event = insert_event(
        booking, from_status=from_status, side=by.side, actor_id=actor, reason=by.reason, released=released, times=times
    )
    if not quiet:
        pending.effects.append(_moved_effect(booking, event, from_status, by))


def _changed_times(booking: Booking, changes: Mapping[str, Any]) -> dict[str, list[str | None]] | None:
    """``{name: [before, after]}`` of the times that change; None for a move that is not about them."""
    pairs = {name: (getattr(booking, name), changes[name]) for name in TIMES if name in changes}
    if not pairs:
        return None
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {name: [moment and local(moment).isoformat() for moment in pair] for name, pair in changed.items()}


def _change_row(pk: int, from_status: str, values: Mapping[str, Any]) -> int:
    """Plain SQL: building the ORM's UPDATE costs more than running it, and every act of a parent has one."""
    fields: list[Any] = [Booking._meta.get_field(name) for name in values]
    columns = ", ".join(f"{field.column} = %s" for field in fields)
    stored = [f.get_db_prep_save(value, connection) for f, value in zip(fields, values.values(), strict=True)]
    return execute(CHANGE_ROW.format(columns=columns), [*stored, pk, str(from_status)])


def _moved_effect(booking: Booking, event: int, from_status: str, by: ActingParty) -> Effect:
    """The outbox row that announces a move."""
    payload = {
        "booking": booking.pk,
        "event": event,
        "from": from_status,
        "to": booking.status,
        "side": by.side,
        "reason": by.reason,
    }
    return Effect(TOPIC, f"event-{event}", payload, stream_of(booking), booking.district.code)


def stream_of(booking: Booking) -> str:
    """The outbox stream of a booking: its messages are delivered in order."""
    return f"booking:{booking.public_id}"


def _gather_release(
    booking: Booking, *, keep_past: bool, now: dt.datetime, pending: PendingEffects
) -> dict[str, dict[str, int] | list[str]]:
    """What the booking gives back: all of it, or (``keep_past``) what is still to come; its slots go in any case.

    The locked booking row keeps its ledger and slots from changing meanwhile.
    """
    ledger = BookingCell.objects.filter(booking_id=booking.pk)
    if keep_past:
        ledger = ledger.filter(starts_at__gte=now)
    held: dict[int, int] = {}
    for row, cell, units in ledger.order_by("cell_id").values_list("pk", "cell_id", "units"):
        pending.ledger_rows.append(row)
        held[cell] = units
    slots = ChildSlot.objects.filter(booking_id=booking.pk, slot_at__gte=now).order_by("slot_at")
    coming = list(slots.values_list("slot_at", flat=True)) if keep_past else []
    pending.slots_of.append(booking.pk)
    pending.add_cells({cell: -units for cell, units in held.items()})
    if booking.credit and not keep_past:
        pending.credits_of.append(booking)
    return {"cells": {str(cell): units for cell, units in held.items()}, "slots": [slot.isoformat() for slot in coming]}


def give_back_credits(pending: PendingEffects, *, now: dt.datetime) -> None:
    """Give back what vouchers had reserved, before any ledger row or slot is touched."""
    provider = credits.get()
    for booking in sorted(pending.credits_of, key=lambda booking: booking.pk):
        if provider is not None:
            provider.release(booking=booking, now=now)
    pending.credits_of.clear()


def free_ledger(pending: PendingEffects) -> None:
    """Remove the gathered rows of ledger and slots; their bookings' rows are locked, so nobody else changes them."""
    if pending.ledger_rows:
        BookingCell.objects.filter(pk__in=pending.ledger_rows).delete()
    if pending.slots_of:
        ChildSlot.objects.filter(booking_id__in=pending.slots_of).delete()
    pending.ledger_rows.clear()
    pending.slots_of.clear()


def take_back_released(booking: Booking, *, now: dt.datetime, pending: PendingEffects) -> None:
    """Take again what the last release of the booking gave back, as far as it is still to come.

    Once the stay is over, all of it: the child was there, and the ledger says so. Raises ``Duplicate`` when the child
    has since been booked elsewhere.
    """
    cells, slots = find_released(booking, now=now)
    insert_ledger(booking.pk, cells)
    try:
        insert_slots(booking.pk, booking.child_id, slots)
    except IntegrityError as error:
        if not violates(error, ChildSlot, "child_slot_once"):
            raise
        raise refusals.Duplicate from error
    pending.add_cells(cells)


def find_released(booking: Booking, *, now: dt.datetime) -> tuple[dict[int, int], list[dt.datetime]]:
    """What :func:`take_back_released` would take: ``{cell: units}``, and the child's quarters still to come."""
    event = booking.events.filter(released__isnull=False).order_by("-at", "-pk").first()
    if event is None or event.released is None:
        return {}, []
    released = {int(cell): units for cell, units in event.released["cells"].items()}
    found = CapacityCell.objects.filter(pk__in=list(released))
    if booking.ends_at > now:
        found = found.filter(ends_at__gt=now)
    cells = {cell: released[cell] for cell in found.values_list("pk", flat=True)}
    return cells, [moment for moment in map(dt.datetime.fromisoformat, event.released["slots"]) if moment >= now]


def emit_pending(pending: PendingEffects, *, now: dt.datetime) -> None:
    """Write the outbox rows gathered, in the caller's transaction."""
    emit_many(pending.effects, now=now)
