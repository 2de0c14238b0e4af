"""Delete expired idempotency keys."""

from __future__ import annotations

import datetime as dt

from booking.places.models import IdempotencyKey

KEEP_KEYS = dt.timedelta(hours=48)


def tidy(*, now: dt.datetime) -> int:
    """Remove idempotency rows older than two days; returns how many."""
    removed, _ = IdempotencyKey.objects.filter(created_at__lt=now - KEEP_KEYS).delete()
    return removed
