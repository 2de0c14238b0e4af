"""Whether families booked with a fee: until then a wrong one may be put right."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from booking.places.models import Booking
from booking.places.states import GONE
from directory.register.ports import FeeDays


def was_charged(*, institution_id: int, product_id: int, fees: Sequence[FeeDays]) -> list[bool]:
    """Answers ``register.fee_charged`` in one query; a fee for all classes counts as charged by a booking of any."""
    found = Booking.objects.filter(institution_id=institution_id, product_id=product_id).exclude(status__in=GONE)
    counts = {f"fee_{number}": Count("pk", filter=_booked_with(fee)) for number, fee in enumerate(fees)}
    return [count > 0 for count in found.aggregate(**counts).values()]


def _booked_with(fee: FeeDays) -> Q:
    days = Q(service_date__gte=fee.since)
    if fee.until is not None:
        days &= Q(service_date__lt=fee.until)
    return days & Q(pool__bucket=fee.class_kind) if fee.class_kind else days
