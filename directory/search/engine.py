"""The question, the answer, and what an engine must be able to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.safestring import SafeString

from directory.districts.class_kinds import class_kinds_for

SORTS = ("relevance", "distance", "price", "remaining", "name")
FACETS = ("street", "mode", "class_kind", "inclusive", "demonstration")
MAX_PAGE_SIZE = 200


class SearchUnavailable(Exception):
    """The engine can't answer now; another one should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """A question about public institutions.

    ``district`` is a slug, ``street`` a township code, ``age_months`` keeps institutions that run a class for that age,
    ``near`` is WGS-84 (latitude, longitude), ``radius_km`` leaves out institutions without coordinates. ``ids`` keeps
    only these institutions; ``first`` maps institutions to places left and puts them before all others; ``amounts`` are
    what the asked stay costs at each of them: by price they stand in this order, all others by the price of ``mode``.
    With ``near``, those without coordinates come last among their like. ``nearest``: what is like the words.
    ``grade`` waits for assessments and is not read.
    """

    q: str = ""
    district: str = ""
    street: str = ""
    mode: str = ""
    age_months: int | None = None
    near: tuple[float, float] | None = None
    radius_km: float | None = None
    inclusive: bool = False
    demonstration: bool = False
    grade: str = ""
    nearest: bool = False
    ids: frozenset[int] | None = None
    first: Mapping[int, int] | None = None
    amounts: Mapping[int, int] | None = None
    sort: str = "relevance"
    page: int = 1
    page_size: int = 20

    @property
    def offset(self) -> int:
        """How many results are on the pages before."""
        return (self.page - 1) * self.page_size

    def steps(self) -> Mapping[int, int]:
        """Of those in ``first`` the numbers by which they stand, the highest before; empty where all stand alike."""
        if self.sort == "remaining":
            return self.first or {}
        if self.sort != "price" or self.amounts is None:
            return {}
        dearest_first = sorted(set(self.amounts.values()), reverse=True)
        step = {amount: number for number, amount in enumerate(dearest_first)}
        return {pk: step[self.amounts[pk]] for pk in self.first or {}}

    def filters(self) -> dict[str, tuple[str, ...]]:
        """Facet → the terms of which a record must hold one. A facet's own counts leave its own filter out."""
        chosen: dict[str, tuple[str, ...]] = {}
        if self.street:
            chosen["street"] = (facet_term("street", self.street),)
        if self.mode:
            chosen["mode"] = (facet_term("mode", self.mode),)
        if self.age_months is not None:
            kinds = class_kinds_for(self.age_months)
            chosen["class_kind"] = tuple(facet_term("class_kind", kind) for kind in kinds)
        if self.inclusive:
            chosen["inclusive"] = (facet_term("inclusive", "true"),)
        if self.demonstration:
            chosen["demonstration"] = (facet_term("demonstration", "true"),)
        return chosen


@dataclass(frozen=True, slots=True)
class Hit:
    """One institution found; ``document`` is what ``documents.build_document`` made of it."""

    pk: int
    document: Mapping[str, Any]
    distance_km: float | None
    highlights: Mapping[str, SafeString]

    @property
    def name(self) -> str:
        """The institution's name (the availability provider reads it)."""
        return str(self.document["name"])


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet, and how many results it would leave."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits, the number of all, how many of them are in ``first``, and the facets."""

    hits: Sequence[Hit]
    count: int
    first_count: int
    facets: Mapping[str, Sequence[FacetValue]]
    engine: str
    took_ms: float = 0.0
    degraded: bool = field(default=False)


class SearchEngine(Protocol):
    """Answers questions; two engines give the same answer to the same question over the same records."""

    name: str

    def search(self, query: SearchQuery) -> SearchResult:
        """The answer; raises :class:`SearchUnavailable` if the engine can't be reached."""
        ...


def facet_term(facet: str, value: str) -> str:
    """The term under which a record holds a facet's value; no word of a text can look like it."""
    return f"={facet}:{value}"


ALL = facet_term("all", "")
LOCATED = facet_term("located", "")
