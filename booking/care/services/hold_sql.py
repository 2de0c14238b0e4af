"""The rows of a hold, inserted in the one lock order by plain SQL (docs/adr/0080)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from booking.care.services.hold_data import SeenChild
from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, ChildSlot, IdempotencyKey
from cms.accounts.models import Child
from cms.core.runtime.django_internals import mark_as_saved
from cms.core.runtime.sql import execute, marks, moment_in, rows, with_tables

INSERT_KEY = with_tables(
    "INSERT INTO {IdempotencyKey} (actor_id, key, request_hash, answer, created_at) VALUES (%s, %s, %s, %s, %s)",
    IdempotencyKey,
)
SAME_CHILD = with_tables("SELECT id FROM {Child} WHERE id = %s AND family_id = %s AND birth_date = %s", Child)
ROW_LOCK = " FOR NO KEY UPDATE"
BOOKING_FIELDS = [field for field in Booking._meta.concrete_fields if not field.primary_key]
INSERT_BOOKING = with_tables(
    f"INSERT INTO {{Booking}} ({', '.join(str(field.column) for field in BOOKING_FIELDS)})"  # noqa: S608  # our names
    f" VALUES ({marks(len(BOOKING_FIELDS))}) RETURNING id",
    Booking,
)
INSERT_EVENT = with_tables(
    "INSERT INTO {BookingEvent} (booking_id, district_id, from_status, to_status, side, actor_id, reason, released,"
    " times, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
    BookingEvent,
)
#: The moment is the cell's own, read by the statement that writes it; VALUES names its columns so on both databases.
INSERT_LEDGER = with_tables(
    "INSERT INTO {BookingCell} (booking_id, cell_id, units, starts_at)"
    " SELECT v.column1, c.id, v.column3, c.starts_at FROM (VALUES {groups}) v"
    " JOIN {CapacityCell} c ON c.id = v.column2",
    BookingCell,
    CapacityCell,
)
INSERT_SLOTS = with_tables("INSERT INTO {ChildSlot} (child_id, slot_at, booking_id) VALUES {groups}", ChildSlot)
GROUP = "(%s, %s, %s)"
ANSWER = IdempotencyKey._meta.get_field("answer")
RELEASED, TIMES = BookingEvent._meta.get_field("released"), BookingEvent._meta.get_field("times")


def insert_key(
    *,
    actor_id: int,
    key: str,
    request_hash: str,
    answer: Mapping[str, Any],
    now: dt.datetime,
    child: SeenChild | None = None,
) -> bool:
    """The idempotency row; with ``child`` the same statement then does what :func:`lock_child` does.

    Raises ``IntegrityError`` (``idempotency_key_once``) if the key is there already.
    """
    values = [actor_id, key, request_hash, ANSWER.get_db_prep_save(answer, connection), moment_in(now)]
    if child is None:
        return bool(execute(INSERT_KEY, values))
    # RETURNING is worked out when the key is in, so the order of locks is that of two statements.
    return rows(f"{INSERT_KEY} RETURNING ({_same_child()})", [*values, *child])[0][0] is not None


def lock_child(child: SeenChild) -> bool:
    """Lock the child's row against an erasure; returns whether it is still as it was looked at."""
    return bool(rows(_same_child(), [*child]))


def _same_child() -> str:
    return SAME_CHILD + (ROW_LOCK if connection.features.has_select_for_update else "")


def insert_hold(booking: Booking, *, cells: Mapping[int, int], slots: Iterable[dt.datetime]) -> None:
    """Booking, first event, ledger and the child's quarters of an hour, from the unsaved booking.

    Raises ``IntegrityError`` (``child_slot_once``) where the child is elsewhere.
    """
    insert_booking(booking)
    insert_event(booking, from_status="", side=BookingEvent.Side.PARENT, actor_id=booking.created_by_id)
    insert_ledger(booking.pk, cells)
    insert_slots(booking.pk, booking.child_id, slots)


def insert_booking(booking: Booking) -> None:
    """The booking row; the object gets its id."""
    booking.pk = rows(INSERT_BOOKING, [_stored(getattr(booking, field.attname)) for field in BOOKING_FIELDS])[0][0]
    mark_as_saved(booking)


def _stored(value: Any) -> Any:
    """A column's value for the database; the fields' own way costs three times as much."""
    if isinstance(value, dt.datetime):
        return moment_in(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return str(value) if isinstance(value, str) else value


def insert_event(
    booking: Booking,
    *,
    from_status: str,
    side: str,
    actor_id: int | None,
    reason: str = "",
    released: Mapping[str, Any] | None = None,
    times: Mapping[str, Any] | None = None,
) -> int:
    """The event that brought the booking to its status at ``changed_at``; returns the event's id."""
    stored = [
        None if value is None else field.get_db_prep_save(value, connection)
        for field, value in ((RELEASED, released), (TIMES, times))
    ]
    moment = moment_in(booking.changed_at)
    status = str(booking.status)
    values = [booking.pk, booking.district_id, from_status, status, str(side), actor_id, reason, *stored, moment]
    return int(rows(INSERT_EVENT, values)[0][0])


def insert_ledger(booking_id: int, cells: Mapping[int, int]) -> None:
    """The ledger rows: ``{cell id: units}``."""
    if cells:
        values = [value for cell, units in sorted(cells.items()) for value in (booking_id, cell, units)]
        execute(INSERT_LEDGER.format(groups=", ".join([GROUP] * len(cells))), values)


def insert_slots(booking_id: int, child_id: int | None, slots: Iterable[dt.datetime]) -> None:
    """The child's quarters of an hour, in order. Raises ``IntegrityError`` where the child is elsewhere."""
    wanted = sorted(slots)
    if wanted and child_id is not None:
        values = [value for slot in wanted for value in (child_id, moment_in(slot), booking_id)]
        execute(INSERT_SLOTS.format(groups=", ".join([GROUP] * len(wanted))), values)
