"""What upper apps answer to care: credits (vouchers) that pay for a stay, and what a place in a class is.

Limits and credits come before the places in the one order of locks that all acts follow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple, Protocol

from booking.places.models import Booking
from cms.core.runtime.ports import Port


class Credits(Protocol):
    """Pays part of a booking's amount; each call runs inside the booking's transaction."""

    def hold(self, *, booking: Booking, voucher: str, now: dt.datetime) -> int:
        """Reserve credit for the unsaved booking; returns fen, raises ``Refused``."""
        ...

    def release(self, *, booking: Booking, now: dt.datetime) -> None:
        """Give the reserved credit back."""
        ...


#: Without an answer there are no vouchers: every credit is 0 then.
credits: Port[Credits] = Port("care.credits", asks="How do vouchers pay part of a booking?", optional=True)


class ClassPage(NamedTuple):
    """The class that a booking of kind session is a place in: its title, and the page with the family's sign-up."""

    title: str
    url: str


#: Asked for the family's own bookings alone.
class_page: Port[Callable[[Booking], ClassPage]] = Port(
    "care.class_page", asks="Which class is a booking of kind session a place in, and where is its page?"
)
