"""Messages and follow-ups that were given up after many tries."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.core.models import OutboxMessage


def undelivered() -> QuerySet[OutboxMessage]:
    """Given up and not done, the latest first."""
    return OutboxMessage.objects.filter(gave_up_at__isnull=False, done_at__isnull=True).order_by("-gave_up_at", "-pk")
