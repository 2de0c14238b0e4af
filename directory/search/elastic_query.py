"""The Elasticsearch request of a question, and what its answer says. Pure: no client, no clock.

Documents hold the same terms as the database engine's postings, so a plan reads the same there. Only what a stock
server has is used: term and geo_distance queries, constant scores, terms and filter aggregations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.search.engine import ALL, FACETS, LOCATED, Hit, SearchQuery, SearchResult, facet_term
from directory.search.hits import make_hit
from directory.search.labels import facet_values
from directory.search.text import Clause, QueryPlan

Json = dict[str, Any]

MAX_WINDOW = 50_000
# Whole numbers up to 2**24 add up exactly in a score; words weigh hundreds at most.
FIRST_SCORE, LOCATED_SCORE = 4_000_000, 2_000_000
FLAGS = ("inclusive", "demonstration")
ALL_STREETS = 1000


def build_body(query: SearchQuery, plan: QueryPlan) -> Json:
    """The body of ``_search``."""
    filters = {facet: _any_term(terms) for facet, terms in query.filters().items()}
    visible = query.offset + query.page_size <= MAX_WINDOW
    return {
        "query": {"bool": {"filter": _base(query, plan), "should": _scores(query, plan), "minimum_should_match": 0}},
        "post_filter": _all_of(list(filters.values())),
        "aggs": _facets(filters) | _first(query, filters),
        "sort": _sort(query),
        "from": query.offset if visible else 0,
        "size": query.page_size if visible else 0,
        "track_total_hits": True,
        "_source": ["pk", "document"],
    }


def read_answer(answer: Mapping[str, Any], query: SearchQuery, plan: QueryPlan, *, engine: str) -> SearchResult:
    """The result in the words that both engines share."""
    aggregations = answer["aggregations"]
    counts = {}
    for facet in FACETS:
        found = aggregations[facet]["values"]
        if facet in FLAGS:
            counts[facet] = [("true", found["doc_count"])]
        else:
            counts[facet] = [(bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]]
    return SearchResult(
        hits=[_hit(found["_source"], query, plan) for found in answer["hits"]["hits"]],
        count=answer["hits"]["total"]["value"],
        first_count=aggregations["first"]["doc_count"] if "first" in aggregations else 0,
        facets=facet_values(counts),
        engine=engine,
    )


def _hit(source: Mapping[str, Any], query: SearchQuery, plan: QueryPlan) -> Hit:
    return make_hit(source["pk"], source["document"], query, plan)


def _term(term: str) -> Json:
    return {"term": {"terms": term}}


def _any_term(terms: tuple[str, ...]) -> Json:
    return {"terms": {"terms": list(terms)}}


def _all_of(queries: list[Json]) -> Json:
    return {"bool": {"filter": queries}}


def _clause(clause: Clause) -> Json:
    alternatives = [
        _term(terms[0]) if len(terms) == 1 else _all_of([_term(term) for term in terms]) for terms in clause.any_of
    ]
    if len(alternatives) == 1:
        return alternatives[0]
    return {"bool": {"should": alternatives, "minimum_should_match": 1}}


def _base(query: SearchQuery, plan: QueryPlan) -> list[Json]:
    found = [
        {"bool": {"should": [_clause(clause) for clause in segment.clauses], "minimum_should_match": segment.needed}}
        for segment in plan.segments
    ]
    # Without a filter, a question of scores alone would leave out what scores nothing.
    found.append(_term(ALL))
    if query.district:
        found.append(_term(facet_term("district", query.district)))
    if query.ids is not None:
        found.append({"terms": {"pk": sorted(query.ids)}})
    if query.near is not None and query.radius_km is not None:
        found.append({"geo_distance": {"distance": f"{query.radius_km}km", "location": _point(query.near)}})
    return found


def _scores(query: SearchQuery, plan: QueryPlan) -> list[Json]:
    """Tiers first, then words or places left: all of them whole numbers."""
    found: list[Json] = []
    if query.near is not None:
        found.append(_scored(_term(LOCATED), LOCATED_SCORE))
    for step, pks in sorted(_first_by_steps(query).items()):
        found.append(_scored({"terms": {"pk": pks}}, FIRST_SCORE + step))
    if query.sort == "relevance":
        found += [_scored(_clause(clause), weight) for clause, weight in plan.scored]
    return found


def _scored(query: Json, boost: int) -> Json:
    return {"constant_score": {"filter": query, "boost": boost}}


def _first_by_steps(query: SearchQuery) -> dict[int, list[int]]:
    steps = query.steps()
    grouped: dict[int, list[int]] = {}
    for pk in sorted(query.first or ()):
        grouped.setdefault(steps.get(pk, 0), []).append(pk)
    return grouped


def _facets(filters: Mapping[str, Json]) -> Json:
    found = {}
    for facet in FACETS:
        others = [allowed for name, allowed in filters.items() if name != facet]
        values: Json = {"terms": {"field": facet, "size": ALL_STREETS}}
        if facet in FLAGS:
            values = {"filter": _term(facet_term(facet, "true"))}
        found[facet] = {"filter": _all_of(others), "aggs": {"values": values}}
    return found


def _first(query: SearchQuery, filters: Mapping[str, Json]) -> Json:
    if not query.first:
        return {}
    return {"first": {"filter": _all_of([*filters.values(), {"terms": {"pk": sorted(query.first)}}])}}


def _sort(query: SearchQuery) -> list[Json]:
    order: list[Json] = [{"_score": "desc"}]
    if query.sort == "price":
        # An index of an earlier release lacks the prices of modes until it is made again.
        field = f"price_{query.mode}" if query.mode else "price_from"
        order.append({field: {"order": "asc", "missing": "_last", "unmapped_type": "integer"}})
    if query.near is not None and query.sort != "name":
        order.append({"_geo_distance": {"location": _point(query.near), "order": "asc", "unit": "km"}})
    return [*order, {"name_key": "asc"}, {"pk": "asc"}]


def _point(position: tuple[float, float]) -> dict[str, float]:
    return {"lat": position[0], "lon": position[1]}
