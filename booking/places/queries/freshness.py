"""How fresh an institution's places are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from booking.places.models import BookingPolicy
from booking.places.stay_rules import needs_answer


def stale_after() -> dt.timedelta:
    """After how long nobody vouches for the places any more (a setting, three days)."""
    return dt.timedelta(days=getattr(settings, "PLACES_STALE_AFTER_DAYS", 3))


def is_stale(confirmed: dt.datetime | None, now: dt.datetime) -> bool:
    """True when the places were confirmed too long ago, or never."""
    return confirmed is None or now - confirmed > stale_after()


@dataclass(frozen=True, slots=True)
class Vouched:
    """When an institution last said that its places are right, and what follows: ``needs_answer`` where a booking made
    now is a request, since places are stale or the institution decides each time.
    """

    confirmed_at: dt.datetime | None
    stale: bool
    needs_answer: bool


def vouched(policy: BookingPolicy, confirmed_at: dt.datetime | None, now: dt.datetime) -> Vouched:
    """What the institution's own word comes to at a moment. No query."""
    stale = is_stale(confirmed_at, now)
    return Vouched(confirmed_at, stale, needs_answer(needs_acceptance=policy.needs_acceptance, stale=stale))
