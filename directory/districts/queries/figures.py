"""A district's figures and rules with their sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cms.core.errors import NotFound
from cms.core.runtime.replica import from_replica
from directory.districts.models import District, DistrictFact, Township


@dataclass(frozen=True, slots=True)
class Figure:
    """A fact as people read it; ``due`` says that a target's year has passed (T13: no open target then)."""

    fact: DistrictFact
    due: str


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """A district's page: its figures by where they come from, and its townships."""

    district: District
    figures: list[Figure]
    townships: list[Township]


def district_figures(slug: str, *, today: dt.date) -> DistrictFigures:
    """The figures of a district; three queries. Raises ``NotFound``."""
    district = from_replica(District.objects.filter(slug=slug)).first()
    if district is None:
        raise NotFound
    townships = list(district.townships.exclude(kind=Township.Kind.ZONE).order_by("code"))
    facts = district.facts.order_by("position", "pk")
    return DistrictFigures(district, [Figure(fact, due_words(fact, today)) for fact in facts], townships)


def due_words(fact: DistrictFact, today: dt.date) -> str:
    """「目标年份已过，暂无完成数据」 for a target of a past year, 「目标年份 2028」 for a coming one, else ""."""
    if fact.due_year is None:
        return ""
    if fact.due_year < today.year:
        return _("%(year)s 年已过，暂无完成数据") % {"year": fact.due_year}
    return _("目标年份 %(year)s") % {"year": fact.due_year}
