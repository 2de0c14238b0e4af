"""How fresh an institution's places are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings


def stale_after() -> dt.timedelta:
    """After how long nobody vouches for the places any more (a setting, three days)."""
    return dt.timedelta(days=getattr(settings, "PLACES_STALE_AFTER_DAYS", 3))


def is_stale(confirmed: dt.datetime | None, now: dt.datetime) -> bool:
    """True when the places were confirmed too long ago, or never."""
    return confirmed is None or now - confirmed > stale_after()
