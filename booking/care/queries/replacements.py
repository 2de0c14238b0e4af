"""What became of a hold that its family changed: the event that cancelled it names the booking it gave way to."""

from __future__ import annotations

from booking.care.queries.bookings import bookings_of
from booking.places.models import Booking
from cms.accounts.models import User

#: Begins the reason of such an event; the public id of the other booking follows.
REPLACED_BY = "replaced_by:"
#: More changes in a row than anybody makes in the fifteen minutes of a hold.
MOST_CHANGES = 50


def replacement_id(booking: Booking) -> str:
    """The public id of the booking that a hold gave way to; empty where it did not."""
    if booking.status != Booking.Status.CANCELLED:
        return ""
    reasons = booking.events.filter(reason__startswith=REPLACED_BY).values_list("reason", flat=True)
    return next(iter(reasons), "").removeprefix(REPLACED_BY)


def replacement_of(user: User, booking: Booking) -> Booking | None:
    """The booking of the family that a hold has become, through all its changes; None where it gave way to none."""
    found: Booking | None = None
    for _change in range(MOST_CHANGES):
        public_id = replacement_id(found or booking)
        following = bookings_of(user).filter(public_id=public_id).first() if public_id else None
        if following is None:
            break
        found = following
    return found
