"""A district's figures and rules with their sources."""

from __future__ import annotations

from dataclasses import dataclass

from cms.core.errors import NotFound
from cms.core.runtime.replica import from_replica
from directory.districts.models import District, DistrictFact, Township


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """A district's page: its figures by where they come from, and its townships."""

    district: District
    facts: list[DistrictFact]
    townships: list[Township]


def district_figures(slug: str) -> DistrictFigures:
    """The figures of a district; three queries. Raises ``NotFound``."""
    district = from_replica(District.objects.filter(slug=slug)).first()
    if district is None:
        raise NotFound
    townships = list(district.townships.exclude(kind=Township.Kind.ZONE).order_by("code"))
    return DistrictFigures(district, list(district.facts.order_by("position", "pk")), townships)
