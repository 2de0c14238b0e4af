"""What was recorded of a stay at the door, and what became of it since."""

from __future__ import annotations

from dataclasses import dataclass

from booking.places.models import Booking, BookingEvent
from booking.places.states import CORRECTABLE
from directory.register.queries.memberships import names_in


@dataclass(frozen=True, slots=True)
class Recorded:
    """A line of the history, and what the institution calls whoever did it; "" where nobody of its own did."""

    event: BookingEvent
    who: str


def history_of(booking: Booking) -> list[Recorded]:
    """Marks, what was taken back, corrections and ends of the day, the first one first; two queries."""
    marks = BookingEvent.objects.filter(booking=booking, from_status__in=CORRECTABLE, to_status__in=CORRECTABLE)
    names = names_in(booking.institution_id) if booking.institution_id else {}
    return [Recorded(event, names.get(event.actor_id or 0, "")) for event in marks.order_by("at", "pk")]
