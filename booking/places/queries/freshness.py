"""How fresh an institution's places are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from booking.places.models import BookingPolicy, PlacesConfirmation
from booking.places.stay_rules import needs_answer


def stale_after() -> dt.timedelta:
    """After how long nobody vouches for the places any more (a setting, three days)."""
    return dt.timedelta(days=getattr(settings, "PLACES_STALE_AFTER_DAYS", 3))


def is_stale(confirmed: dt.datetime | None, now: dt.datetime) -> bool:
    """True when the places were confirmed too long ago, or never."""
    return confirmed is None or now - confirmed > stale_after()


def places_confirmed_at(institution_id: int) -> dt.datetime | None:
    """When the institution last said that its places are right; None if it never did."""
    found = PlacesConfirmation.objects.filter(institution_id=institution_id)
    return found.values_list("places_confirmed_at", flat=True).first()


def needs_answer_now(policy: BookingPolicy, confirmed_at: dt.datetime | None, now: dt.datetime) -> bool:
    """``stay_rules.needs_answer`` of an institution as of a moment."""
    return needs_answer(needs_acceptance=policy.needs_acceptance, stale=is_stale(confirmed_at, now))
