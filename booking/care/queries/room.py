"""Whether there is room for a child who comes before its time."""

from __future__ import annotations

import datetime as dt

from django.db.models import F, Max, Q

from booking.places.models import Booking, CapacityCell
from booking.places.models.capacity import HOUSE_BUCKET


def over_before(booking: Booking, *, now: dt.datetime) -> int:
    """By how many children the class or the house would be over, from now until the stay begins, with this one in.

    What is under way is left out: whoever is a little early waits in the room, as everywhere.
    """
    house = Q(pool__institution_id=booking.institution_id, pool__bucket=HOUSE_BUCKET, pool__kind="care")
    before = CapacityCell.objects.filter(Q(pool_id=booking.pool_id) | house, starts_at__gte=now)
    over = F("taken") + booking.units - F("target")
    return max(0, before.filter(starts_at__lt=booking.starts_at).aggregate(most=Max(over))["most"] or 0)
