"""Periodic jobs of places."""

from __future__ import annotations

import datetime as dt

from booking.places.services import housekeeping


def delete_expired_keys(now: dt.datetime) -> int:
    """Delete expired idempotency keys; daily."""
    return housekeeping.tidy(now=now)
