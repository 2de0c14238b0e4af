"""Published refusals."""

from __future__ import annotations

from django.db.models import QuerySet

from directory.register.models import Refusal


def published_refusals(*, district_slug: str = "") -> QuerySet[Refusal]:
    """Refusals the public may read, newest first, of one district or of all, with what came later."""
    rows = (
        Refusal.objects.filter(published_at__isnull=False)
        .select_related("district", "later_authorisation__institution")
        .order_by("-refused_date", "-pk")
    )
    return rows.filter(district__slug=district_slug) if district_slug else rows
