"""Words for the values of facets."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache
from django.utils.translation import gettext as _

from directory.class_kinds import CareMode, ClassKind
from directory.models import Township
from directory.search.engine import FACETS, FacetValue

_STREETS_KEY = "directory:streets"
_STREETS_SECONDS = 300
_ORDER = {"mode": [mode.value for mode in CareMode], "class_kind": [kind.value for kind in ClassKind]}


def street_names() -> dict[str, str]:
    """Township code → name, of every district."""
    names: dict[str, str] | None = cache.get(_STREETS_KEY)
    if names is None:
        names = dict(Township.objects.values_list("code", "name"))
        cache.set(_STREETS_KEY, names, _STREETS_SECONDS)
    return names


def label_of(facet: str, value: str) -> str:
    """The words of one value."""
    if facet == "mode":
        return str(CareMode(value).label)
    if facet == "class_kind":
        return str(ClassKind(value).label)
    if facet == "street":
        return street_names().get(value, value)
    return _("普惠") if facet == "inclusive" else _("示范")


def facet_values(counts: dict[str, Iterable[tuple[str, int]]]) -> dict[str, list[FacetValue]]:
    """Facets with labels: streets by number, kinds and modes in their own order; values of no result left out."""
    return {facet: _values(facet, counts.get(facet, ())) for facet in FACETS}


def _values(facet: str, counts: Iterable[tuple[str, int]]) -> list[FacetValue]:
    found = [FacetValue(value, label_of(facet, value), count) for value, count in counts if count]
    if order := _ORDER.get(facet):
        return sorted(found, key=lambda each: order.index(each.value))
    return sorted(found, key=lambda each: (-each.count, each.value))
