"""The Elasticsearch engine: index behind an alias, rebuilt separately and swapped. Only this uses the client."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.dsl import Boolean, Document, GeoPoint, Index, Integer, Keyword, Long, MetaField, Object
from elasticsearch.helpers import BulkIndexError, bulk

from directory.search.elastic_query import MAX_WINDOW, build_body, read_answer
from directory.search.engine import SearchQuery, SearchResult, SearchUnavailable
from directory.search.nearest import plan_of

logger = logging.getLogger(__name__)

SEARCH_SECONDS = 1.5
WRITE_SECONDS = 30
SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0, "max_result_window": MAX_WINDOW}


class InstitutionDocument(Document):
    """One institution. ``terms`` are analysed in Python (``directory.search.text``); ``document`` is only carried."""

    pk = Long()
    terms = Keyword(doc_values=False)
    name_key = Keyword(index=False)
    location = GeoPoint()
    price_from = Integer(index=False)
    price_full_day = Integer(index=False)
    price_half_day = Integer(index=False)
    price_hourly = Integer(index=False)
    price_temporary = Integer(index=False)
    price_half_month = Integer(index=False)
    street = Keyword()
    mode = Keyword()
    class_kind = Keyword()
    inclusive = Boolean()
    demonstration = Boolean()
    digest = Long(index=False)
    document = Object(enabled=False)

    class Meta:
        dynamic = MetaField("strict")


def alias() -> str:
    """The name that searches and updates use."""
    return f"{settings.ELASTICSEARCH_INDEX_PREFIX}-institutions"


@functools.lru_cache(maxsize=4)
def _client(url: str, seconds: float) -> Elasticsearch:
    return Elasticsearch(url, request_timeout=seconds, max_retries=0, retry_on_timeout=False)


@contextlib.contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise ``SearchUnavailable`` for every error of the client."""
    try:
        yield
    except (ApiError, TransportError, BulkIndexError) as problem:
        raise SearchUnavailable(type(problem).__name__) from problem


class ElasticEngine:
    """Answers from the server at ``url``."""

    name = "elasticsearch"

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def _reader(self) -> Elasticsearch:
        return _client(self.url, SEARCH_SECONDS)

    @property
    def _writer(self) -> Elasticsearch:
        return _client(self.url, WRITE_SECONDS)

    def search(self, query: SearchQuery) -> SearchResult:
        """The answer to the question; one request."""
        plan = plan_of(query)
        with _translate_errors():
            answer = self._reader.search(index=alias(), body=build_body(query, plan))
        return read_answer(answer.body, query, plan, engine=self.name)

    def exists(self) -> bool:
        """Whether there is an index at all."""
        with _translate_errors():
            return bool(self._writer.indices.exists_alias(name=alias()))

    def describe(self) -> str:
        """The server's version, for the health page."""
        with _translate_errors():
            return f"elasticsearch {self._reader.info()['version']['number']}"

    def fingerprint(self) -> tuple[int, int]:
        """Number of records and the sum of their digests; (-1, -1) without an index."""
        body = {"size": 0, "track_total_hits": True, "aggs": {"digest": {"sum": {"field": "digest"}}}}
        with _translate_errors():
            try:
                self._writer.indices.refresh(index=alias())
                answer = self._writer.search(index=alias(), body=body)
            except NotFoundError:
                return -1, -1
        return answer["hits"]["total"]["value"], int(answer["aggregations"]["digest"]["value"])

    def store(self, records: Mapping[int, Any], *, institution_ids: Collection[int]) -> None:
        """Write these institutions' records and remove those without one."""
        actions: list[dict[str, Any]] = [_action(record) for record in records.values()]
        actions += [{"_op_type": "delete", "_id": str(pk)} for pk in institution_ids if pk not in records]
        with _translate_errors():
            _, errors = bulk(
                self._writer, actions, index=alias(), require_alias=True, raise_on_error=False, stats_only=False
            )
        refused = [error for error in errors if _is_trouble(error)]  # type: ignore[union-attr]  # not stats_only
        if refused:
            raise SearchUnavailable(f"{len(refused)} records refused")

    def replace_all(self, records: Iterable[Any], *, now: dt.datetime) -> None:
        """Fill a new index, then let the alias point to it and drop the old."""
        name = f"{alias()}-{now:%Y%m%d%H%M%S%f}"
        with _translate_errors():
            index = Index(name, using=self._writer)
            index.settings(**SETTINGS)
            index.document(InstitutionDocument)
            index.create()
            try:
                bulk(self._writer, map(_action, records), index=name)
                self._writer.indices.refresh(index=name)
            except BaseException:
                self._writer.options(ignore_status=404).indices.delete(index=name)
                raise
            self._swap(name)

    def _swap(self, name: str) -> None:
        old = sorted(set(self._writer.indices.get(index=f"{alias()}-*", expand_wildcards="open")) - {name})
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias()}}]
        actions += [{"remove_index": {"index": each}} for each in old]
        self._writer.indices.update_aliases(actions=actions)

    def refresh(self) -> None:
        """Make what was written visible at once (tests; the server does it every second)."""
        with _translate_errors():
            self._writer.indices.refresh(index=alias())

    def drop(self) -> None:
        """Remove every index of this prefix (tests)."""
        with _translate_errors():
            for name in self._writer.indices.get(index=f"{alias()}-*"):
                self._writer.indices.delete(index=name)


def _action(record: Any) -> dict[str, Any]:
    document = record.document
    source = {
        "pk": record.pk,
        "terms": sorted(record.terms),
        "name_key": record.name_key,
        "street": document["street"] or None,
        "mode": document["modes"],
        "class_kind": document["class_kinds"],
        "inclusive": document["inclusive"],
        "demonstration": document["demonstration"],
        "price_from": record.price_from,
        **{f"price_{mode}": price for mode, price in document["prices"].items()},
        "digest": record.digest,
        "document": document,
    }
    if record.latitude is not None and record.longitude is not None:
        source["location"] = {"lat": record.latitude, "lon": record.longitude}
    return {"_op_type": "index", "_id": str(record.pk), "_source": source}


def _is_trouble(error: Mapping[str, Any]) -> bool:
    """Deleting what is not there is what was wanted."""
    return not ("delete" in error and error["delete"].get("status") == 404 and "error" not in error["delete"])
