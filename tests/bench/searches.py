"""Search at 10,000 institutions, and who can take a child among 1,000."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone
from elasticsearch import Elasticsearch

from booking.places.models import Booking
from booking.places.queries.provider import BookingAvailability
from cms.core.calendar.times import at
from directory.districts.models import District
from directory.search.database import DatabaseEngine
from directory.search.elastic import ElasticEngine, alias
from directory.search.elastic_query import build_body
from directory.search.engine import SearchQuery
from directory.search.text import plan_query
from directory.site.queries.finding import CareNeed, find_institutions
from tests.bench.pages import weekday_ahead
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


def bench_search(report: Report) -> None:
    """Both engines at the service call."""
    engine = DatabaseEngine()
    asked = questions()
    for question in asked:
        engine.search(question)
    times = [timed(lambda q=q: engine.search(q)) for _ in range(ROUNDS) for q in asked]
    p95 = percentile(times, 0.95)
    report.add("search at 10,000, database engine: p95", f"{p95:.1f} ms", "≤50 ms", p95 <= 50)
    if not settings.ELASTICSEARCH_URL:
        report.add("search at 10,000, Elasticsearch", "ELASTICSEARCH_URL is not set")
        return
    _bench_elastic(report, asked)


def _bench_elastic(report: Report, asked: list[SearchQuery]) -> None:
    engine = ElasticEngine(settings.ELASTICSEARCH_URL)
    client = Elasticsearch(settings.ELASTICSEARCH_URL)
    bodies = [build_body(question, plan_query(question.q)) for question in asked]
    for question, body in zip(asked, bodies, strict=True):
        engine.search(question)
        client.search(index=alias(), body=body)
    ours = [timed(lambda q=q: engine.search(q)) for _ in range(ROUNDS) for q in asked]
    raw = [timed(lambda b=b: client.search(index=alias(), body=b)) for _ in range(ROUNDS) for b in bodies]
    ratio = percentile(ours, 0.95) / percentile(raw, 0.95)
    figure = f"{ratio:.2f} ({percentile(ours, 0.95):.1f} ms of {percentile(raw, 0.95):.1f} ms)"
    report.add("search at 10,000, Elasticsearch: p95 beside the raw query", figure, "≤1.5", ratio <= 1.5)


def bench_availability(report: Report, grow: Callable[[], None]) -> None:
    """The same question before and after many more bookings were kept."""
    district = District.objects.get(slug="jianxi")
    day = weekday_ahead()
    asked = CareNeed(age_months=17, day=day, starts=dt.time(14), ends=dt.time(17))
    centre = (district.centre_latitude, district.centre_longitude)
    query = SearchQuery(district="jianxi", near=centre, radius_km=3, sort="distance")
    now = timezone.now()

    def ask() -> None:
        find_institutions(query, asked, now=now)

    def measure() -> float:
        for _ in range(3):
            ask()
        return percentile([timed(ask) for _ in range(40)], 0.95)

    before, kept = measure(), Booking.objects.count()
    grow()
    after, more = measure(), Booking.objects.count()
    figure = f"{before:.1f} ms with {kept} bookings, {after:.1f} ms with {more}"
    report.add("who can take a child: p95", figure, "≤80 ms, no growth", after <= 80 and after <= before * 1.25 + 3)
    span = {"starts_at": at(day, dt.time(14)), "ends_at": at(day, dt.time(17)), "now": now}
    provider = BookingAvailability()
    core = percentile(
        [timed(lambda: provider.institutions_with_places(age_months=17, **span)) for _ in range(40)], 0.95
    )
    report.add("of it the availability query: p95", f"{core:.1f} ms")
