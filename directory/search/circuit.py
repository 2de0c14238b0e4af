"""Which engine answers. A question never fails because of Elasticsearch: the database engine takes over at once.

After a failure this process leaves Elasticsearch alone for a few seconds, then lets one question try it; the first that
succeeds brings it back, without a restart.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import threading
import time
from typing import TYPE_CHECKING

from django.conf import settings

from directory.search.database import DatabaseEngine
from directory.search.engine import SearchQuery, SearchResult, SearchUnavailable

if TYPE_CHECKING:
    from directory.search.elastic import ElasticEngine

logger = logging.getLogger(__name__)

REST_SECONDS = 5.0


class Circuit:
    """Open after a failure: nobody asks until the rest is over, then one thread at a time may."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rest_until = 0.0

    def may_try(self, now: float) -> bool:
        """Whether to ask Elasticsearch now; while it rests, only one thread is let through at the end of each rest."""
        with self._lock:
            if not self._rest_until:
                return True
            if now < self._rest_until:
                return False
            self._rest_until = now + REST_SECONDS
            return True

    def failed(self, now: float) -> None:
        """Leave it alone for a while."""
        with self._lock:
            self._rest_until = now + REST_SECONDS

    def succeeded(self) -> None:
        """It is back."""
        with self._lock:
            self._rest_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last attempt failed."""
        return bool(self._rest_until)


circuit = Circuit()
_database = DatabaseEngine()


def elastic_engine() -> ElasticEngine | None:
    """The Elasticsearch engine if the environment names a server."""
    return _elastic(settings.ELASTICSEARCH_URL) if settings.ELASTICSEARCH_URL else None


@functools.lru_cache(maxsize=4)
def _elastic(url: str) -> ElasticEngine:
    from directory.search.elastic import ElasticEngine  # noqa: PLC0415  # heavy, and not needed without a server

    return ElasticEngine(url)


def search(query: SearchQuery) -> SearchResult:
    """Answer the question. ``degraded`` is set where Elasticsearch should have answered and could not."""
    started = time.perf_counter()
    elastic = elastic_engine()
    result = _ask(elastic, query) if elastic is not None else None
    if result is None:
        result = dataclasses.replace(_database.search(query), degraded=elastic is not None)
    return dataclasses.replace(result, took_ms=round((time.perf_counter() - started) * 1000, 2))


def _ask(elastic: ElasticEngine, query: SearchQuery) -> SearchResult | None:
    if not circuit.may_try(time.monotonic()):
        return None
    try:
        result = elastic.search(query)
    except SearchUnavailable as problem:
        circuit.failed(time.monotonic())
        logger.warning("elasticsearch does not answer (%s); the database engine does", problem)
        return None
    circuit.succeeded()
    return result


def health() -> str:
    """For `/readyz`: which engine answers; raises while Elasticsearch should and can't."""
    elastic = elastic_engine()
    return elastic.describe() if elastic is not None else _database.name
