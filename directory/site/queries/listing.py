"""The list's question as data, and the page of institutions that answers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from directory.districts.queries.districts import DistrictInfo, Street
from directory.search.engine import FACETS, SearchQuery, SearchResult
from directory.search.near import Near
from directory.site.queries.finding import CareNeed, Found, find_institutions

PAGE_SIZE = 20
NOTHING_FOUND = Found(SearchResult([], 0, 0, {facet: [] for facet in FACETS}, ""), {}, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """What a visitor asked of the list, as far as it could be read.

    ``chose_district``: the address names the district; otherwise it is the visitor's. ``near_street`` is the street
    that ``near`` names, with a centre. ``sort`` is as asked, "" if not; ``show_all`` asks not to part who can from who
    can't; ``editing`` shows the form of the question, ``problems`` says by field why there is no answer to it.
    """

    district: DistrictInfo | None = None
    chose_district: bool = False
    need: CareNeed = field(default_factory=CareNeed)
    q: str = ""
    street: str = ""
    mode: str = ""
    near: Near | None = None
    near_street: Street | None = None
    radius: float | None = None
    inclusive: bool = False
    demonstration: bool = False
    sort: str = ""
    page: int = 1
    show_all: bool = False
    editing: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def position(self) -> tuple[float, float] | None:
        """Where distances are measured from."""
        if self.near_street is not None:
            return self.near_street.centre
        return self.near.position if self.near is not None else None

    @property
    def chosen_sort(self) -> str:
        """As asked, else by distance where a place is known, by fit where words are, by name.

        Places left can be compared only where it was asked who and when, distances only from a place.
        """
        if self.sort in ("price", "name") or (self.sort == "remaining" and self.need.is_whole):
            return self.sort
        if self.sort == "remaining":
            return "name"
        if self.position is not None and self.sort != "relevance":
            return "distance"
        return "relevance" if self.q else "name"

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is on."""
        filters = (self.q, self.street, self.mode, self.inclusive, self.demonstration, self.radius)
        return any(filters) or (self.need.age_months is not None and self.need.day is None)

    def search_query(self, *, page: int) -> SearchQuery:
        """The search behind a page. The age alone filters; with a day and time it is asked of the places."""
        return SearchQuery(
            q=self.q,
            district=self.district.slug if self.district else "",
            street=self.street,
            mode=self.mode,
            age_months=self.need.age_months if self.need.day is None else None,
            near=self.position,
            radius_km=self.radius if self.position is not None else None,
            inclusive=self.inclusive,
            demonstration=self.demonstration,
            sort=self.chosen_sort,
            page=page,
            page_size=PAGE_SIZE,
        )


def find_page(question: ListQuestion, *, now: dt.datetime) -> Found:
    """The page asked for, or the last one there is; nothing for a question that can't be answered."""
    if question.problems:
        return NOTHING_FOUND
    found = _find(question, question.page, now)
    if not found.result.hits and found.result.count:
        return _find(question, -(-found.result.count // PAGE_SIZE), now)
    return found


def _find(question: ListQuestion, page: int, now: dt.datetime) -> Found:
    query = question.search_query(page=page)
    return find_institutions(query, question.need, now=now, free_first=not question.show_all)
