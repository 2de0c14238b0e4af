"""Parts of the Elasticsearch request that only some questions have."""

from __future__ import annotations

from typing import Any

import pytest

from directory.search.elastic_query import FIRST_SCORE, LOCATED_SCORE, build_body
from directory.search.engine import SearchQuery
from directory.search.text import plan_query

ALL = {"term": {"terms": "=all:"}}
HERE = (34.66, 112.4)
POINT = {"lat": 34.66, "lon": 112.4}


def body_of(**question: Any) -> dict[str, Any]:
    query = SearchQuery(**question)
    return build_body(query, plan_query(query.q))


@pytest.mark.parametrize(
    ("page", "size", "window"),
    [(1, 20, (0, 20)), (2500, 20, (49_980, 20)), (2501, 20, (0, 0)), (250, 200, (49_800, 200)), (251, 200, (0, 0))],
)
def test_window_ends_with_fifty_thousand(page: int, size: int, window: tuple[int, int]) -> None:
    body = body_of(page=page, page_size=size)

    assert (body["from"], body["size"]) == window


def test_whole_body_of_a_question_of_nothing() -> None:
    assert body_of() == {
        "query": {"bool": {"filter": [ALL], "should": [], "minimum_should_match": 0}},
        "post_filter": {"bool": {"filter": []}},
        "aggs": {
            **{
                name: {
                    "filter": {"bool": {"filter": []}},
                    "aggs": {"values": {"terms": {"field": name, "size": 1000}}},
                }
                for name in ("street", "mode", "class_kind")
            },
            **{
                name: {
                    "filter": {"bool": {"filter": []}},
                    "aggs": {"values": {"filter": {"term": {"terms": f"={name}:true"}}}},
                }
                for name in ("inclusive", "demonstration")
            },
        },
        "sort": [{"_score": "desc"}, {"name_key": "asc"}, {"pk": "asc"}],
        "from": 0,
        "size": 20,
        "track_total_hits": True,
        "_source": ["pk", "document"],
    }


@pytest.mark.parametrize(
    ("question", "added"),
    [
        ({"ids": frozenset()}, [{"terms": {"pk": []}}]),
        ({"ids": frozenset({9, 3})}, [{"terms": {"pk": [3, 9]}}]),
        ({"near": HERE}, []),
        ({"radius_km": 3.0}, []),
        ({"near": HERE, "radius_km": 3.0}, [{"geo_distance": {"distance": "3.0km", "location": POINT}}]),
    ],
)
def test_filters_of_the_question(question: dict[str, Any], added: list[Any]) -> None:
    assert body_of(**question)["query"]["bool"]["filter"] == [ALL, *added]


def by_price(field: str) -> dict[str, Any]:
    return {field: {"order": "asc", "missing": "_last", "unmapped_type": "integer"}}


@pytest.mark.parametrize(
    ("question", "sort"),
    [
        ({"sort": "price"}, [by_price("price_from")]),
        ({"sort": "price", "mode": "full_day"}, [by_price("price_full_day")]),
        ({"sort": "name", "mode": "full_day"}, []),
        ({"near": HERE}, [{"_geo_distance": {"location": POINT, "order": "asc", "unit": "km"}}]),
        ({"near": HERE, "sort": "name"}, []),
        ({"sort": "name"}, []),
    ],
)
def test_order(question: dict[str, Any], sort: list[Any]) -> None:
    assert body_of(**question)["sort"] == [{"_score": "desc"}, *sort, {"name_key": "asc"}, {"pk": "asc"}]


def scored(query: dict[str, Any], boost: int) -> dict[str, Any]:
    return {"constant_score": {"filter": query, "boost": boost}}


def test_scores_are_whole_numbers_that_cannot_outweigh_each_other() -> None:
    assert (FIRST_SCORE, LOCATED_SCORE) == (4_000_000, 2_000_000)


def test_places_count_only_where_asked_for_and_words_only_by_relevance() -> None:
    first = {5: 2, 3: 1}
    words = [scored({"term": {"terms": "t:满"}}, 1), scored({"term": {"terms": "n:满"}}, 3)]

    by_relevance = body_of(q="满", first=first, near=HERE)
    by_places = body_of(q="满", first=first, sort="remaining")

    assert by_relevance["query"]["bool"]["should"] == [
        scored({"term": {"terms": "=located:"}}, 2_000_000),
        scored({"terms": {"pk": [3, 5]}}, 4_000_000),
        *words,
    ]
    assert by_places["query"]["bool"]["should"] == [
        scored({"terms": {"pk": [3]}}, 4_000_001),
        scored({"terms": {"pk": [5]}}, 4_000_002),
    ]


def test_those_that_come_first_are_counted_after_the_facets() -> None:
    body = body_of(first={5: 2, 3: 1}, mode="hourly")

    assert body["aggs"]["first"] == {
        "filter": {"bool": {"filter": [{"terms": {"terms": ["=mode:hourly"]}}, {"terms": {"pk": [3, 5]}}]}}
    }
    assert "first" not in body_of(first={})["aggs"]


def test_latin_letters_are_one_of_three() -> None:
    (wanted, _all) = body_of(q="abc")["query"]["bool"]["filter"]

    assert wanted == {
        "bool": {
            "should": [
                {
                    "bool": {
                        "should": [
                            {"bool": {"filter": [{"term": {"terms": "t:ab"}}, {"term": {"terms": "t:bc"}}]}},
                            {"term": {"terms": "p:^abc"}},
                            {"term": {"terms": "i:abc"}},
                        ],
                        "minimum_should_match": 1,
                    }
                }
            ],
            "minimum_should_match": 1,
        }
    }


def test_long_words_need_most_of_their_pairs() -> None:
    (wanted, _all) = body_of(q="重庆路社区")["query"]["bool"]["filter"]

    assert (len(wanted["bool"]["should"]), wanted["bool"]["minimum_should_match"]) == (4, 3)
