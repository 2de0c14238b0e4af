"""Search among many institutions, at the engines' service call."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from elasticsearch import Elasticsearch

from tests.bench.ground import Ground
from tests.bench.inside import DatabaseEngine, District, ElasticEngine, SearchQuery, alias, raw_query
from tests.bench.report import Report, percentile

ROUNDS = 8


def questions() -> list[SearchQuery]:
    """Twelve questions with facets and distance; two match over half."""
    district = District.objects.get(slug="jianxi")
    centre = (district.centre_latitude, district.centre_longitude)
    base: dict[str, Any] = {"district": "jianxi"}
    return [
        SearchQuery(**base, near=centre, sort="distance"),
        SearchQuery(**base, q="示例", near=centre),
        SearchQuery(**base, q="托班", near=centre, radius_km=2),
        SearchQuery(**base, q="托育园", inclusive=True, near=centre, radius_km=3, sort="distance"),
        SearchQuery(**base, q="珠江路", near=centre),
        SearchQuery(**base, q="chongqing", near=centre),
        SearchQuery(**base, q="ty", near=centre, radius_km=1),
        SearchQuery(**base, q="小满", near=centre),
        SearchQuery(**base, q="宝贝之家", sort="price", near=centre),
        SearchQuery(**base, q="澗西 照护点", near=centre, radius_km=4),
        SearchQuery(**base, street="410305001", near=centre, sort="distance"),
        SearchQuery(**base, q="幼儿园", mode="hourly", near=centre, sort="name"),
    ]


def timed(act: Callable[[], Any]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def bench_search(report: Report, ground: Ground) -> None:
    """Both engines."""
    name = f"search at {ground.options.institutions:,}"
    engine = DatabaseEngine()
    asked = questions()
    for question in asked:
        engine.search(question)
    p95 = percentile([timed(lambda q=q: engine.search(q)) for _ in range(ROUNDS) for q in asked], 0.95)
    work = f"{name}, database engine: p95"
    report.add(work, f"{p95:.1f} ms", "≤50 ms", p95 <= 50, value=round(p95, 1))
    if settings.ELASTICSEARCH_URL:
        _bench_elastic(report, asked, name)
    else:
        report.add(f"{name}, Elasticsearch: p95 beside the raw query", "", note="needs ELASTICSEARCH_URL")


def _bench_elastic(report: Report, asked: list[SearchQuery], name: str) -> None:
    engine = ElasticEngine(settings.ELASTICSEARCH_URL)
    client = Elasticsearch(settings.ELASTICSEARCH_URL)
    bodies = [raw_query(question) for question in asked]
    for question, body in zip(asked, bodies, strict=True):
        engine.search(question)
        client.search(index=alias(), body=body)
    ours = percentile([timed(lambda q=q: engine.search(q)) for _ in range(ROUNDS) for q in asked], 0.95)
    raw = percentile(
        [timed(lambda b=b: client.search(index=alias(), body=b)) for _ in range(ROUNDS) for b in bodies], 0.95
    )
    figure = f"{ours / raw:.2f} ({ours:.1f} ms of {raw:.1f} ms)"
    work = f"{name}, Elasticsearch: p95 beside the raw query"
    report.add(work, figure, "≤1.5", ours / raw <= 1.5, value=round(ours / raw, 2))
