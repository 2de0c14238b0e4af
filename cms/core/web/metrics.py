"""Figures for `/metrics`, one registry per process (Prometheus' multi-process folder joins the workers)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

GetResponse = Callable[[HttpRequest], HttpResponse]
MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"

REQUESTS = Counter("tuoyu_requests_total", "Answered requests", ["view", "status"])
CACHE_HITS = Counter("tuoyu_page_cache_hits_total", "Requests answered from the page cache")
SECONDS = Histogram(
    "tuoyu_request_seconds",
    "Seconds to answer a request that the page cache did not answer",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)


class MetricsMiddleware:
    """Counts answers by view name and status, and times them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer and count. The label is the view's name, never the path: a path may hold an identifier."""
        started = time.perf_counter()
        response = self.get_response(request)
        SECONDS.observe(time.perf_counter() - started)
        match = request.resolver_match
        REQUESTS.labels((match.view_name if match else "") or "unnamed", str(response.status_code)).inc()
        return response


def exposition() -> tuple[bytes, str]:
    """All workers' figures in Prometheus' text format, with its content type."""
    if os.environ.get(MULTIPROCESS_DIR):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return generate_latest(registry), CONTENT_TYPE_LATEST
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
