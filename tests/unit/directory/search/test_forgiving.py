"""The search of visitors: where nothing was found, pasted names, and names that are like it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from directory.search import forgiving
from directory.search.engine import SearchQuery, SearchResult
from tests.factories.site import make_found, make_hit

PASTED = "示例园1 河南省珠江路88号"
HITS = [make_hit(1), make_hit(2), make_hit(3)]


class Engine:
    """Answers strict questions by ``count`` hits, and what is like them by the others; notes what it was asked."""

    def __init__(self, count: int) -> None:
        self.count, self.asked = count, list[SearchQuery]()

    def __call__(self, query: SearchQuery) -> SearchResult:
        self.asked.append(query)
        return make_found(*(HITS if query.nearest else HITS[: self.count])).result


@pytest.fixture
def engine(request: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    made = Engine(getattr(request, "param", 0))
    monkeypatch.setattr(forgiving, "search_strictly", made)
    return made


def test_pasted_name_is_found_among_other_words(engine: Engine) -> None:
    query = SearchQuery(q=PASTED, district="jianxi", mode="hourly", first={1: 4, 2: 1}, page_size=20, sort="price")

    result = forgiving.search(query)

    assert (result.hits, result.count, result.first_count) == ([HITS[0]], 1, 1)
    assert engine.asked[1] == dataclasses.replace(query, nearest=True, sort="relevance", page_size=5)
    assert forgiving.search(dataclasses.replace(query, first=None)).first_count == 0


@pytest.mark.parametrize("query", [SearchQuery(q="示例"), SearchQuery(q=""), SearchQuery(q=PASTED, page=2)])
def test_other_questions_are_answered_as_the_engine_does(engine: Engine, query: SearchQuery) -> None:
    assert (forgiving.search(query).hits, forgiving.search(query).count) == ((), 0)


@pytest.mark.parametrize("engine", [1], indirect=True)
def test_what_was_found_is_the_answer(engine: Engine) -> None:
    assert forgiving.search(SearchQuery(q=PASTED)).count == 1
    assert len(engine.asked) == 1


def test_nearest_names_of_the_district_whatever_else_was_asked(engine: Engine) -> None:
    query = SearchQuery(q="小蛮", district="jianxi", street="410305001", mode="hourly", first={1: 1}, page=3)

    assert forgiving.nearest(query) == HITS
    assert engine.asked == [SearchQuery(q="小蛮", district="jianxi", nearest=True, sort="relevance", page_size=5)]
