"""Words for the values of facets."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from directory.class_kinds import CareMode, ClassKind
from directory.queries.districts import streets_by_code
from directory.search.engine import FACETS, FacetValue

_ORDER = {"mode": [mode.value for mode in CareMode], "class_kind": [kind.value for kind in ClassKind]}


def label_of(facet: str, value: str) -> str:
    """The words of one value of the facets that have fixed values."""
    if facet == "mode":
        return str(CareMode(value).label)
    if facet == "class_kind":
        return str(ClassKind(value).label)
    return _("普惠") if facet == "inclusive" else _("示范")


def facet_values(counts: dict[str, Iterable[tuple[str, int]]]) -> dict[str, list[FacetValue]]:
    """Facets with labels: streets by number, kinds and modes in their own order; values of no result left out."""
    return {facet: _values(facet, counts.get(facet, ())) for facet in FACETS}


def _values(facet: str, counts: Iterable[tuple[str, int]]) -> list[FacetValue]:
    if facet == "street":
        return _streets(counts)
    found = [FacetValue(value, label_of(facet, value), count) for value, count in counts if count]
    if order := _ORDER.get(facet):
        return sorted(found, key=lambda each: order.index(each.value))
    return sorted(found, key=lambda each: (-each.count, each.value))


def _streets(counts: Iterable[tuple[str, int]]) -> list[FacetValue]:
    known = streets_by_code()
    found = [
        FacetValue(code, known[code].name if code in known else code, count) for code, count in counts if count
    ]
    return sorted(found, key=lambda each: (-each.count, each.value))
