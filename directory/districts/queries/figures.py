"""What the public page of a district shows: its rules with their documents, and its townships."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cms.core.errors import NotFound
from cms.core.runtime.replica import from_replica
from directory.districts.models import District, PolicyDocument, Township
from directory.districts.queries.rules import RuleBook, book_of, public_rules


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """A district's page; ``plan`` is None where no plan has been entered."""

    district: District
    plan: PolicyDocument | None
    book: RuleBook
    townships: list[Township]


def district_figures(slug: str, *, day: dt.date) -> DistrictFigures:
    """The rules of a district on a day; four queries. Raises ``NotFound``."""
    district = from_replica(District.objects.filter(slug=slug)).first()
    if district is None:
        raise NotFound
    return DistrictFigures(
        district=district,
        plan=district.documents.filter(is_plan=True).first(),
        book=book_of(from_replica(public_rules(district, day)), day),
        townships=list(district.townships.exclude(kind=Township.Kind.ZONE).order_by("code")),
    )
