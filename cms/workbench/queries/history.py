"""What was recorded of a stay at the door, and what became of it since."""

from __future__ import annotations

from booking.places.models import Booking, BookingEvent
from booking.places.states import CORRECTABLE


def history_of(booking: Booking) -> list[BookingEvent]:
    """Marks, what was taken back, corrections and ends of the day, the first one first; one query."""
    marks = BookingEvent.objects.filter(booking=booking, from_status__in=CORRECTABLE, to_status__in=CORRECTABLE)
    return list(marks.select_related("actor").order_by("at", "pk"))
