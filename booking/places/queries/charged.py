"""Whether families booked with a fee: until then a wrong one may be put right."""

from __future__ import annotations

import datetime as dt

from booking.places.models import Booking
from booking.places.states import GONE


def was_charged(
    *, institution_id: int, product_id: int, class_kind: str, since: dt.date, until: dt.date | None
) -> bool:
    """Answers ``register.fee_charged``; a fee for all classes counts as charged by a booking of any."""
    found = Booking.objects.filter(institution_id=institution_id, product_id=product_id, service_date__gte=since)
    found = found.exclude(status__in=GONE)
    if until is not None:
        found = found.filter(service_date__lt=until)
    if class_kind:
        found = found.filter(pool__bucket=class_kind)
    return found.exists()
