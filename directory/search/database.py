"""The database engine: bitmaps by term, read with one query and combined in Python; the same code on both databases.

`docs/adr/0030-search-bitmaps.md` says what was measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import repeat
from typing import Any

from directory.search.bitmaps import at_least, from_slots, rank_groups, slots_of
from directory.search.columns import NOTHING, price_column
from directory.search.distance import distances, within_box
from directory.search.engine import FACETS, Hit, SearchQuery, SearchResult, facet_term
from directory.search.hits import make_hit
from directory.search.labels import facet_values
from directory.search.models import SearchEntry
from directory.search.nearest import plan_of
from directory.search.snapshot import IndexSnapshot, read_snapshot
from directory.search.text import Clause, QueryPlan

EVERY_BIT = -1


class DatabaseEngine:
    """Needs nothing but the database; at most three queries per question."""

    name = "database"

    def search(self, query: SearchQuery) -> SearchResult:
        """The answer to the question."""
        plan = plan_of(query)
        snapshot, words = read_snapshot(plan.terms())
        question = _Question(query, plan, snapshot, words)
        matching = question.matching()
        slots = _page(question.ordered_groups(matching), query.offset, query.page_size)
        return SearchResult(
            hits=_hits(slots, question),
            count=matching.bit_count(),
            first_count=(matching & question.first).bit_count(),
            facets=question.facets(),
            engine=self.name,
        )


@dataclass
class _Question:
    """One question against one version of the index."""

    query: SearchQuery
    plan: QueryPlan
    snapshot: IndexSnapshot
    words: Mapping[str, int]
    reached: dict[int, float] = field(default_factory=dict)
    base: int = 0
    filters: dict[str, int] = field(default_factory=dict)
    first: int = 0

    def matching(self) -> int:
        """The set of all results; also keeps what facets and order are made of."""
        query, snapshot = self.query, self.snapshot
        self.base = self._within_radius(self._asked(snapshot.everything))
        self.filters = {facet: snapshot.any_of(terms) for facet, terms in query.filters().items()}
        self.first = from_slots(snapshot.slots_for(query.first)) if query.first else 0
        return self._filtered("")

    def _asked(self, bits: int) -> int:
        if self.query.district:
            bits &= self.snapshot.facets.get(facet_term("district", self.query.district), 0)
        if self.query.ids is not None:
            bits &= from_slots(self.snapshot.slots_for(self.query.ids))
        for segment in self.plan.segments:
            bits &= at_least((self._holds(clause) for clause in segment.clauses), segment.needed)
        return bits

    def _holds(self, clause: Clause) -> int:
        found = 0
        for alternative in clause.any_of:
            bits = EVERY_BIT
            for term in alternative:
                bits &= self.words.get(term, 0)
            found |= bits
        return found

    def _within_radius(self, bits: int) -> int:
        near, radius = self.query.near, self.query.radius_km
        if near is None or radius is None:
            return bits
        columns = self.snapshot.columns
        candidates = within_box(near, radius, slots_of(bits & self.snapshot.located), columns["=latitude"])
        found = distances(near, candidates, columns["=latitude"], columns["=longitude"])
        self.reached = {slot: kilometres for slot, kilometres in found.items() if kilometres <= radius}
        return from_slots(list(self.reached))

    def _filtered(self, but: str) -> int:
        bits = self.base
        for facet, allowed in self.filters.items():
            if facet != but:
                bits &= allowed
        return bits

    def facets(self) -> Mapping[str, Any]:
        """Every value with the number of results it would leave."""
        counts: dict[str, Iterable[tuple[str, int]]] = {}
        for facet in FACETS:
            bits = self._filtered(facet)
            counts[facet] = [(value, (bits & held).bit_count()) for value, held in self.snapshot.values[facet]]
        return facet_values(counts)

    def ordered_groups(self, matching: int) -> Iterator[tuple[int, Callable[[int], list[int]]]]:
        """Sets of results in their order, each with what gives its first members in order."""
        for tier in self._tiers(matching):
            for group in self._ranked(tier):
                yield group, self._sorter(group)

    def _tiers(self, matching: int) -> list[int]:
        tiers = [matching & self.first, matching & ~self.first]
        if self.query.near is not None:
            located = self.snapshot.located
            tiers = [part for tier in tiers for part in (tier & located, tier & ~located)]
        return [tier for tier in tiers if tier]

    def _ranked(self, tier: int) -> list[int]:
        if self.query.sort == "relevance" and self.plan.scored:
            return rank_groups(tier, ((self._holds(clause), weight) for clause, weight in self.plan.scored))
        if tier & self.first and (steps := self.query.steps()):
            return self._by_steps(tier, steps)
        return [tier]

    def _by_steps(self, tier: int, steps: Mapping[int, int]) -> list[int]:
        """The first of all in the order of their places or of what the asked stay costs."""
        by_step: dict[int, list[int]] = {}
        for pk, step in steps.items():
            if (slot := self.snapshot.slot_of.get(pk)) is not None:
                by_step.setdefault(step, []).append(slot)
        groups = (tier & from_slots(by_step[step]) for step in sorted(by_step, reverse=True))
        return [group for group in groups if group]

    def _sorter(self, group: int) -> Callable[[int], list[int]]:
        def first_members(number: int) -> list[int]:
            slots = slots_of(group)
            keys = zip(self._prices(slots), self._kilometres(slots), self._names(slots), slots, strict=False)
            return [key[-1] for key in nsmallest(number, keys)]

        return first_members

    def _prices(self, slots: Sequence[int]) -> Iterable[float]:
        if self.query.sort != "price":
            return repeat(0)
        prices = self.snapshot.columns[price_column(self.query.mode)]
        return (float("inf") if prices[slot] == NOTHING else prices[slot] for slot in slots)

    def _kilometres(self, slots: Sequence[int]) -> Iterable[float]:
        near = self.query.near
        if near is None or self.query.sort == "name" or not self.snapshot.located >> slots[0] & 1:
            return repeat(0.0)
        missing = [slot for slot in slots if slot not in self.reached]
        columns = self.snapshot.columns
        self.reached |= distances(near, missing, columns["=latitude"], columns["=longitude"])
        return map(self.reached.__getitem__, slots)

    def _names(self, slots: Sequence[int]) -> Iterable[int]:
        return map(self.snapshot.columns["=rank"].__getitem__, slots)


def _page(groups: Iterable[tuple[int, Callable[[int], list[int]]]], offset: int, size: int) -> list[int]:
    """The slots of one page; groups before it are counted, not sorted."""
    found: list[int] = []
    for group, first_members in groups:
        number = group.bit_count()
        if offset >= number:
            offset -= number
            continue
        found += first_members(offset + size - len(found))[offset:]
        offset = 0
        if len(found) >= size:
            break
    return found


def _hits(slots: list[int], question: _Question) -> list[Hit]:
    rows = SearchEntry.objects.filter(slot__in=slots).values_list("slot", "pk", "document") if slots else []
    by_slot = {slot: (pk, document) for slot, pk, document in rows}
    return [make_hit(*by_slot[slot], question.query, question.plan) for slot in slots if slot in by_slot]
