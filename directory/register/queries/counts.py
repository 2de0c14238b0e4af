"""Numbers of the directory for the home page."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from directory.districts.models import District
from directory.districts.queries.districts import DistrictInfo
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """Public institutions of a district: all, with the demonstration title, with inclusive places."""

    filed: int
    demonstration: int
    inclusive: int


def public_counts(district: District | DistrictInfo | None = None) -> PublicCounts:
    """Counts for the home page, of one district or of all; one query."""
    rows = Institution.objects.filter(is_public=True)
    if district is not None:
        rows = rows.filter(district_id=district.pk)
    found = rows.aggregate(
        filed=Count("pk"),
        demonstration=Count("pk", filter=Q(is_demonstration=True)),
        inclusive=Count("pk", filter=Q(inclusive_places__gt=0)),
    )
    return PublicCounts(**found)
