"""Values of facets in their order, and their words."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from directory.districts.class_kinds import CareMode, ClassKind
from directory.search.engine import FACETS, FacetValue

_ORDER = {"mode": [mode.value for mode in CareMode], "class_kind": [kind.value for kind in ClassKind]}


def facet_values(counts: Mapping[str, Iterable[tuple[str, int]]]) -> dict[str, list[FacetValue]]:
    """Facets of a result: streets by number, kinds and modes in their own order; values of no result left out."""
    return {facet: _values(facet, counts.get(facet, ())) for facet in FACETS}


def _values(facet: str, counts: Iterable[tuple[str, int]]) -> list[FacetValue]:
    found = [FacetValue(value, count) for value, count in counts if count]
    if order := _ORDER.get(facet):
        return sorted(found, key=lambda each: order.index(each.value))
    return sorted(found, key=lambda each: (-each.count, each.value))


def label_of(facet: str, value: str) -> str:
    """The words of a mode, class kind or flag; a page of cards asks for the same few many times."""
    return _label(facet, value, get_language() or "")


@functools.lru_cache(maxsize=256)
def _label(facet: str, value: str, language: str) -> str:
    if facet == "mode":
        return str(CareMode(value).label)
    if facet == "class_kind":
        return str(ClassKind(value).label)
    return _("普惠") if facet == "inclusive" else _("示范")
