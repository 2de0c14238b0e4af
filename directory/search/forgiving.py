"""The search that visitors use: where nothing was found, pasted names and names that are like it."""

from __future__ import annotations

import dataclasses

from directory.search.circuit import search as search_strictly
from directory.search.engine import Hit, SearchQuery, SearchResult
from directory.search.nearest import holds_name

MOST_NEAREST = 5


def search(query: SearchQuery) -> SearchResult:
    """As the engine answers; a question that holds whole names among other words finds these names."""
    result = search_strictly(query)
    if result.count or not query.q or query.page > 1:
        return result
    named = [hit for hit in _nearest(query) if holds_name(query.q, hit.name)]
    if not named:
        return result
    first = sum(hit.pk in (query.first or {}) for hit in named)
    return dataclasses.replace(result, hits=named, count=len(named), first_count=first)


def nearest(query: SearchQuery) -> list[Hit]:
    """The names of the district that come nearest, whatever else was asked."""
    return _nearest(SearchQuery(q=query.q, district=query.district))


def _nearest(query: SearchQuery) -> list[Hit]:
    asked = dataclasses.replace(query, nearest=True, sort="relevance", page=1, page_size=MOST_NEAREST)
    return list(search_strictly(asked).hits)
