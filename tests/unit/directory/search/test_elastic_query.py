"""The Elasticsearch request, word by word, and the circuit before it."""

from __future__ import annotations

import pytest
from django.conf import settings

from directory.search import circuit
from directory.search.elastic_query import build_body
from directory.search.engine import SearchQuery, SearchResult, SearchUnavailable
from directory.search.text import plan_query

ALL = {"term": {"terms": "=all:"}}


def body_of(**question: object) -> dict[str, object]:
    query = SearchQuery(**question)  # type: ignore[arg-type]
    return build_body(query, plan_query(query.q))


def test_question_without_words() -> None:
    body = body_of(district="jianxi", page=3, page_size=10)

    assert body["query"] == {
        "bool": {"filter": [ALL, {"term": {"terms": "=district:jianxi"}}], "should": [], "minimum_should_match": 0}
    }
    assert (body["from"], body["size"]) == (20, 10)
    assert body["sort"] == [{"_score": "desc"}, {"name_key": "asc"}, {"pk": "asc"}]


def test_words_filter_and_score() -> None:
    query = body_of(q="小满")["query"]

    wanted = {"bool": {"should": [{"term": {"terms": "t:小满"}}], "minimum_should_match": 1}}
    assert query["bool"]["filter"] == [wanted, ALL]  # type: ignore[index]
    assert query["bool"]["should"] == [  # type: ignore[index]
        {"constant_score": {"filter": {"term": {"terms": "t:小满"}}, "boost": 1}},
        {"constant_score": {"filter": {"term": {"terms": "n:小满"}}, "boost": 3}},
    ]


def test_facet_filters_stand_after_the_query() -> None:
    body = body_of(mode="hourly", inclusive=True)

    mode, inclusive = {"terms": {"terms": ["=mode:hourly"]}}, {"terms": {"terms": ["=inclusive:true"]}}
    assert body["post_filter"] == {"bool": {"filter": [mode, inclusive]}}
    assert body["aggs"]["mode"]["filter"] == {"bool": {"filter": [inclusive]}}  # type: ignore[index]
    assert body["aggs"]["street"]["filter"] == {"bool": {"filter": [mode, inclusive]}}  # type: ignore[index]


def test_near_filters_scores_and_sorts() -> None:
    body = body_of(near=(34.66, 112.4), radius_km=3.0, sort="price")
    point = {"lat": 34.66, "lon": 112.4}

    assert {"geo_distance": {"distance": "3.0km", "location": point}} in body["query"]["bool"]["filter"]  # type: ignore[index]
    assert body["sort"][1:3] == [  # type: ignore[index]
        {"price_from": {"order": "asc", "missing": "_last", "unmapped_type": "integer"}},
        {"_geo_distance": {"location": point, "order": "asc", "unit": "km"}},
    ]


def test_places_left_are_the_score() -> None:
    should = body_of(first={5: 2, 3: 2, 9: 1}, sort="remaining")["query"]["bool"]["should"]  # type: ignore[index]

    assert [(each["constant_score"]["filter"]["terms"]["pk"], each["constant_score"]["boost"]) for each in should] == [
        ([9], 4_000_001),
        ([3, 5], 4_000_002),
    ]


def test_page_beyond_the_window_asks_for_no_hits() -> None:
    body = body_of(page=100_000, page_size=200)

    assert (body["from"], body["size"]) == (0, 0)


class Server:
    """Stands for the engine: fails while ``down``."""

    def __init__(self) -> None:
        self.down = False
        self.asked = 0

    def search(self, query: SearchQuery) -> SearchResult:
        self.asked += 1
        if self.down:
            raise SearchUnavailable("ConnectionError")
        return SearchResult([], 0, 0, {}, "elasticsearch")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(circuit, "elastic_engine", lambda: made)
    monkeypatch.setattr(circuit, "circuit", circuit.Circuit())
    return made


@pytest.mark.django_db
def test_database_answers_while_the_server_is_down(server: Server) -> None:
    server.down = True
    first, second = circuit.search(SearchQuery()), circuit.search(SearchQuery())

    assert [(each.engine, each.degraded) for each in (first, second)] == [("database", True)] * 2
    assert server.asked == 1


@pytest.mark.django_db
def test_server_is_tried_again_after_a_rest(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.down = True
    circuit.search(SearchQuery())
    server.down = False
    monkeypatch.setattr(circuit.time, "monotonic", lambda: 10.0**9)

    assert circuit.search(SearchQuery()).engine == "elasticsearch"
    assert not circuit.circuit.is_open


def test_only_one_tries_after_a_rest() -> None:
    switch = circuit.Circuit()
    switch.failed(0.0)

    assert [switch.may_try(now) for now in (1.0, 5.5, 5.6)] == [False, True, False]


@pytest.mark.django_db
def test_without_a_server_nothing_is_degraded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ELASTICSEARCH_URL", "")

    result = circuit.search(SearchQuery())

    assert (result.engine, result.degraded, circuit.health()) == ("database", False, "database")
