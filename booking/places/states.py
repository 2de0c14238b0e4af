"""States of a booking: what each holds and which moves are allowed. The one table; services only ask it.

``completed`` and ``absent`` keep the cells that are past (they were used) and give back what is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from booking.places.enums import WAITING_STATES
from booking.places.enums import BookingStatus as S
from booking.places.models import Booking, BookingEvent


@dataclass(frozen=True, slots=True)
class StateRule:
    """What a booking in this state holds, and where it may go next."""

    holds_cells: bool
    moves: frozenset[str]


def _rule(*moves: S, holds: bool) -> StateRule:
    return StateRule(holds, frozenset(move.value for move in moves))


STATES: dict[str, StateRule] = {
    S.HELD: _rule(S.REQUESTED, S.CONFIRMED, S.CANCELLED, S.EXPIRED, holds=True),
    S.REQUESTED: _rule(S.CONFIRMED, S.DECLINED, S.CANCELLED, S.EXPIRED, holds=True),
    S.CONFIRMED: _rule(S.ARRIVED, S.ABSENT, S.CANCELLED, holds=True),
    S.ARRIVED: _rule(S.COMPLETED, S.CONFIRMED, S.ABSENT, holds=True),
    S.COMPLETED: _rule(S.ARRIVED, holds=False),
    S.ABSENT: _rule(S.ARRIVED, S.CONFIRMED, holds=False),
    S.CANCELLED: _rule(holds=False),
    S.DECLINED: _rule(holds=False),
    S.EXPIRED: _rule(holds=False),
}
#: States that end with the time in them spent: past cells stay in the ledger.
SPENT = frozenset({S.COMPLETED.value, S.ABSENT.value})
#: States whose bookings are still to come or under way.
OPEN = frozenset(name for name, rule in STATES.items() if rule.holds_cells)
#: What a family has booked or asked for; a hold is not yet one.
BOOKED = OPEN - {S.HELD.value}
#: States that end with everything given back.
GONE = frozenset(STATES) - OPEN - SPENT
#: States that run out by themselves at ``expires_at``.
WAITING = frozenset(WAITING_STATES)
#: The marks at the door; only these can be undone, and an undoing (its event's reason is ``UNDO``) can't.
MARKED = frozenset({S.ARRIVED.value, S.COMPLETED.value, S.ABSENT.value})
UNDO, UNDO_WITHIN = "undo", dt.timedelta(minutes=10)
#: The reason in the history of a stay that ended because nobody had said how.
UNANSWERED = "unanswered"
#: Whoever is still awaited or in the room; once the day is over that can't be.
UNMARKED = frozenset({S.CONFIRMED.value, S.ARRIVED.value})
#: So long before its time a child is not due: the door asks first.
NOT_DUE = dt.timedelta(minutes=60)
#: What the institution may correct, from each to each: whoever was expected and not called off.
CORRECTABLE = MARKED | {S.CONFIRMED.value}
#: Days after the stay on which it may be corrected.
CORRECT_WITHIN = dt.timedelta(days=7)


def may_move(from_status: str, to_status: str) -> bool:
    """Whether the table allows the move."""
    return to_status in STATES[from_status].moves


def has_lapsed(booking: Booking, *, now: dt.datetime) -> bool:
    """Whether a hold or request ran out, be the sweeper late or not."""
    return booking.status in WAITING and booking.expires_at is not None and booking.expires_at <= now


def lapsed(now: dt.datetime) -> Q:
    """``has_lapsed`` as a condition."""
    return Q(status__in=WAITING, expires_at__lte=now)


def may_cancel(booking: Booking, *, now: dt.datetime) -> bool:
    """Whether the family can still call it off: before it begins; a hold or request at any time."""
    return may_move(booking.status, S.CANCELLED) and (booking.status in WAITING or booking.starts_at > now)


def is_early(booking: Booking, *, now: dt.datetime) -> bool:
    """Whether the child is not due yet: checked in now, it would be there much longer than its place is held."""
    return booking.starts_at - now > NOT_DUE


def may_correct(from_status: str, to_status: str) -> bool:
    """Whether a correction may lead from one to the other, or change the times alone."""
    return from_status in CORRECTABLE and to_status in CORRECTABLE


def may_be_corrected(booking: Booking, today: dt.date) -> bool:
    """Whether the record of this stay can be put right today."""
    within = dt.timedelta(0) <= today - booking.service_date <= CORRECT_WITHIN
    return booking.kind == Booking.Kind.CARE and booking.status in CORRECTABLE and within


def undoable_mark(booking: Booking, events: Iterable[BookingEvent], *, now: dt.datetime) -> BookingEvent | None:
    """The mark that can still be taken back: the last one, or the one before those that were taken back already.

    ``events`` are the booking's, in order. What was there before a correction is corrected, not taken back.
    """
    marks: list[BookingEvent] = []
    for event in events:
        if event.reason == UNDO:
            del marks[-1:]
        elif event.to_status in MARKED and not event.reason and event.times is not None:
            marks.append(event)
        else:
            marks.clear()
    if not marks or marks[-1].to_status != booking.status or now - marks[-1].at > UNDO_WITHIN:
        return None
    return marks[-1]
