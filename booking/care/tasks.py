"""Periodic jobs of care."""

from __future__ import annotations

import datetime as dt

from booking.care.services import ending, expiry


def expire_overdue(now: dt.datetime) -> int:
    """End holds and requests whose time is over; every quarter of a minute."""
    return expiry.expire_overdue(now=now)


def end_unanswered(now: dt.datetime) -> int:
    """End the stays of the days before that nobody ended; every night."""
    return ending.end_unanswered(now=now)
