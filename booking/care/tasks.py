"""Periodic jobs of care."""

from __future__ import annotations

import datetime as dt

from booking.care.services import expiry


def expire_overdue(now: dt.datetime) -> int:
    """End holds and requests whose time is over; every quarter of a minute."""
    return expiry.expire_overdue(now=now)
