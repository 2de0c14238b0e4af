"""「今天的空位没有变化」: the institution vouches for its places."""

from __future__ import annotations

import datetime as dt

from booking.places.models import PlacesConfirmation
from cms.accounts.models import User
from directory.register.models import Institution


def confirm_places(*, institution: Institution, actor: User | None, now: dt.datetime) -> PlacesConfirmation:
    """Say that the places shown are right as of now."""
    row, _ = PlacesConfirmation.objects.update_or_create(
        institution=institution, defaults={"places_confirmed_at": now, "confirmed_by": actor}
    )
    return row
