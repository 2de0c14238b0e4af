"""The booking rules of an institution, as saved or by default."""

from __future__ import annotations

from collections.abc import Collection

from booking.places.models import BookingPolicy
from cms.core.runtime.plain_rows import Columns

POLICY = Columns(BookingPolicy, "p")


def policy_of(institution_id: int) -> BookingPolicy:
    """The institution's rules, or an unsaved row with the columns' defaults."""
    found = POLICY.select("WHERE p.institution_id = %s", [institution_id])
    return found[0] if found else BookingPolicy(institution_id=institution_id)


def step_minutes_of(institution_ids: Collection[int]) -> dict[int, int]:
    """Minutes that one hourly fee pays for, of those institutions that have rules of their own; one query."""
    rows = BookingPolicy.objects.filter(institution_id__in=institution_ids)
    return dict(rows.values_list("institution_id", "step_minutes"))
