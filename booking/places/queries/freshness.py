"""How fresh an institution's places are."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from booking.places.models import PlacesConfirmation
from directory.register.models import Institution


def stale_after() -> dt.timedelta:
    """After how long nobody vouches for the places any more (a setting, three days)."""
    return dt.timedelta(days=getattr(settings, "PLACES_STALE_AFTER_DAYS", 3))


def is_stale(confirmed: dt.datetime | None, now: dt.datetime) -> bool:
    """True when the places were confirmed too long ago, or never."""
    return confirmed is None or now - confirmed > stale_after()


def confirmed_at(institution: Institution) -> dt.datetime | None:
    """When the institution last said that its places are right."""
    found = PlacesConfirmation.objects.filter(institution_id=institution.pk)
    return found.values_list("places_confirmed_at", flat=True).first()
