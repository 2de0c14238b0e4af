"""Recomputing capacity from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from booking.places.states import STATES
from cms.core.runtime.sql import rows

DIFFERENCES = """
SELECT c.id, c.taken, c.capacity, c.target, COALESCE(SUM(l.units), 0)
  FROM booking_capacitycell c LEFT JOIN booking_bookingcell l ON l.cell_id = c.id
 GROUP BY c.id, c.taken, c.capacity, c.target
HAVING c.taken <> COALESCE(SUM(l.units), 0)
    OR c.capacity <> CASE WHEN c.target > c.taken THEN c.target ELSE c.taken END
"""
#: Bookings whose state gives everything back but which still hold something to come.
LEFT_BEHIND = """
SELECT b.id, b.status FROM booking_booking b
 WHERE b.status IN ({gone}) AND (EXISTS (SELECT 1 FROM booking_bookingcell l WHERE l.booking_id = b.id)
    OR EXISTS (SELECT 1 FROM booking_childslot s WHERE s.booking_id = b.id))
"""
#: Bookings whose state holds cells but which hold none.
EMPTY = """
SELECT b.id, b.status FROM booking_booking b
 WHERE b.status IN ({holding}) AND NOT EXISTS (SELECT 1 FROM booking_bookingcell l WHERE l.booking_id = b.id)
"""
#: Ledger rows that say another moment than their cell.
MOMENTS = """
SELECT l.id, l.starts_at, c.starts_at
  FROM booking_bookingcell l JOIN booking_capacitycell c ON c.id = l.cell_id
 WHERE l.starts_at <> c.starts_at
"""
GONE = ("cancelled", "declined", "expired")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not add up: ``what`` is a stable word, ``pk`` the cell, the booking or the ledger row."""

    what: str
    pk: int
    found: str
    expected: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def ledger_differences() -> Iterator[Difference]:
    """Every cell whose counters differ from the ledger, every booking that holds what its state does not, and every
    ledger row that has not its cell's moment.
    """
    for pk, taken, capacity, target, booked in rows(DIFFERENCES, []):
        if taken != booked:
            yield Difference("cell_taken", pk, str(taken), str(booked))
        if capacity != max(target, taken):
            yield Difference("cell_capacity", pk, str(capacity), str(max(target, taken)))
    for pk, status in rows(LEFT_BEHIND.format(gone=_quoted(GONE)), []):
        yield Difference("booking_holds", pk, status, "nothing")
    holding = tuple(name for name, rule in STATES.items() if rule.holds_cells)
    for pk, status in rows(EMPTY.format(holding=_quoted(holding)), []):
        yield Difference("booking_empty", pk, status, "cells")
    for pk, found, expected in rows(MOMENTS, []):
        yield Difference("ledger_moment", pk, str(found), str(expected))


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
