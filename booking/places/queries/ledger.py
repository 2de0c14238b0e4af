"""Recomputing capacity from the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from booking.places.models import Booking, BookingCell, BookingEvent, CapacityCell, ChildSlot
from booking.places.states import GONE, OPEN, SPENT
from booking.places.stay_rules import SLOT_MINUTES
from cms.core.runtime.sql import moment_plus_minutes, rows, with_tables


def _statement(sql: str) -> str:
    """With the names of tables and of states in their places."""
    states = {"gone": GONE, "open": OPEN, "spent": SPENT}
    for name, words in states.items():
        sql = sql.replace(f"{{{name}}}", _quoted(words))
    return with_tables(sql, Booking, BookingCell, BookingEvent, CapacityCell, ChildSlot)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


DIFFERENCES = _statement("""
SELECT c.id, c.taken, c.capacity, c.target, COALESCE(SUM(l.units), 0)
  FROM {CapacityCell} c LEFT JOIN {BookingCell} l ON l.cell_id = c.id
 GROUP BY c.id, c.taken, c.capacity, c.target
HAVING c.taken <> COALESCE(SUM(l.units), 0)
    OR c.capacity <> CASE WHEN c.target > c.taken THEN c.target ELSE c.taken END
""")
#: Bookings whose state gives everything back but which still hold something.
LEFT_BEHIND = _statement("""
SELECT b.id, b.status FROM {Booking} b
 WHERE b.status IN ({gone}) AND (EXISTS (SELECT 1 FROM {BookingCell} l WHERE l.booking_id = b.id)
    OR EXISTS (SELECT 1 FROM {ChildSlot} s WHERE s.booking_id = b.id))
""")
#: Care whose time was spent (as of ``changed_at``) but which still holds the child or what was then to come. A class
#: may be moved after a family was marked.
NOT_SPENT = _statement("""
SELECT b.id, b.status FROM {Booking} b
 WHERE b.status IN ({spent}) AND b.kind = 'care'
   AND (EXISTS (SELECT 1 FROM {BookingCell} l WHERE l.booking_id = b.id AND l.starts_at >= b.changed_at)
    OR EXISTS (SELECT 1 FROM {ChildSlot} s WHERE s.booking_id = b.id))
""")
#: Bookings whose state holds cells but which hold none.
EMPTY = _statement("""
SELECT b.id, b.status FROM {Booking} b
 WHERE b.status IN ({open}) AND NOT EXISTS (SELECT 1 FROM {BookingCell} l WHERE l.booking_id = b.id)
""")
#: Live care whose child may be anywhere else; who comes back after a mark may have no quarter left to come.
NO_CHILD = _statement("""
SELECT b.id, b.status FROM {Booking} b
 WHERE b.status IN ({open}) AND b.kind = 'care'
   AND NOT EXISTS (SELECT 1 FROM {ChildSlot} s WHERE s.booking_id = b.id)
   AND NOT EXISTS (SELECT 1 FROM {BookingEvent} e WHERE e.booking_id = b.id AND e.from_status IN ({spent}))
""")
#: Quarters of an hour in which a child is held outside the hours of its booking.
OTHER_HOURS = _statement("""
SELECT s.id, s.slot_at, b.starts_at, b.ends_at
  FROM {ChildSlot} s JOIN {Booking} b ON b.id = s.booking_id
 WHERE s.slot_at >= b.ends_at OR {slot_ends} <= b.starts_at
""")
#: Ledger rows that say another moment than their cell.
MOMENTS = _statement("""
SELECT l.id, l.starts_at, c.starts_at
  FROM {BookingCell} l JOIN {CapacityCell} c ON c.id = l.cell_id
 WHERE l.starts_at <> c.starts_at
""")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not add up: ``what`` is a stable word, ``pk`` the cell, the booking, the ledger row or the
    child's slot.
    """

    what: str
    pk: int
    found: str
    expected: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def ledger_differences() -> Iterator[Difference]:
    """Every cell whose counters differ from the ledger, every booking that holds what its state does not or lacks what
    it does, and every row of ledger and slots at another time than its cell's or its booking's.
    """
    for pk, taken, capacity, target, booked in rows(DIFFERENCES, []):
        if taken != booked:
            yield Difference("cell_taken", pk, str(taken), str(booked))
        if capacity != max(target, taken):
            yield Difference("cell_capacity", pk, str(capacity), str(max(target, taken)))
    for statement, what, expected in (
        (LEFT_BEHIND, "booking_holds", "nothing"),
        (NOT_SPENT, "booking_holds", "what is past"),
        (EMPTY, "booking_empty", "cells"),
        (NO_CHILD, "booking_empty", "slots"),
    ):
        for pk, status in rows(statement, []):
            yield Difference(what, pk, status, expected)
    for pk, slot, starts_at, ends_at in rows(_other_hours(), []):
        yield Difference("slot_moment", pk, str(slot), f"{starts_at} – {ends_at}")
    for pk, found, moment in rows(MOMENTS, []):
        yield Difference("ledger_moment", pk, str(found), str(moment))


def _other_hours() -> str:
    return OTHER_HOURS.replace("{slot_ends}", moment_plus_minutes("s.slot_at", str(SLOT_MINUTES)))
