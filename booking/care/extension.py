"""What booking lets upper apps plug in: credits (vouchers) that pay for a stay.

Limits and credits come before the places in the one lock order of design.md 5.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from booking.places.models import Booking


class Credits(Protocol):
    """Pays part of a booking's amount; each call runs inside the booking's transaction."""

    def hold(self, *, booking: Booking, voucher: str, now: dt.datetime) -> int:
        """Reserve credit for the unsaved booking; returns fen, raises ``Refused``."""
        ...

    def release(self, *, booking: Booking, now: dt.datetime) -> None:
        """Give the reserved credit back."""
        ...


_credits: list[Credits] = []


def register_credits(provider: Credits) -> None:
    """Called in ``AppConfig.ready()`` of the app that owns vouchers."""
    _credits[:] = [provider]


def credits() -> Credits | None:
    """The provider, or None while there are no vouchers: every credit is 0 then."""
    return _credits[0] if _credits else None
