"""The Elasticsearch engine before a stand-in for the server: what it asks, what it makes of every answer."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from directory.search import indexing
from directory.search.documents import IndexedInstitution
from directory.search.elastic import ElasticEngine
from directory.search.engine import FacetValue, SearchQuery, SearchUnavailable

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
NAME = "tuoyu-institutions"
NEW = f"{NAME}-20261123020000000000"
DOCUMENT = {
    "name": "小满托育园", "street": "410305001", "street_name": "珠江路街道", "address": "路1号", "modes": ["hourly"],
    "class_kinds": ["toddler"], "inclusive": True, "demonstration": False, "latitude": 34.66, "longitude": 112.4,
    "sounds": [],
    "prices": {"hourly": 900, "full_day": 5400},
}  # fmt: skip
PRICE_FIELDS = {f"price_{mode}" for mode in ("full_day", "half_day", "hourly", "temporary", "half_month")}
NO_FACETS = {
    **{facet: {"values": {"buckets": []}} for facet in ("street", "mode", "class_kind")},
    **{facet: {"values": {"doc_count": 0}} for facet in ("inclusive", "demonstration")},
}


class Server:
    """Answers by ``METHOD path``: a status and a body; notes what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Any]] = {}
        self.asked: list[tuple[str, Any]] = []
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def engine(self) -> ElasticEngine:
        return ElasticEngine(f"http://127.0.0.1:{self.http.server_port}")

    def lines(self) -> list[str]:
        return [line for line, _body in self.asked]

    def body(self, line: str) -> Any:
        return next(body for asked, body in self.asked if asked == line)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                line = f"{self.command} {self.path.partition('?')[0]}"
                text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                server.asked.append((line, [json.loads(each) for each in text.splitlines()]))
                status, body = server.answers.get(line, (200, {}))
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer  # names of the base class

            def log_message(self, *args: object) -> None:
                """Nothing on the terminal."""

        return Handler


@pytest.fixture
def server(settings) -> Iterator[Server]:
    settings.ELASTICSEARCH_INDEX_PREFIX = "tuoyu"
    made = Server()
    yield made
    made.http.shutdown()
    made.http.server_close()


def record(pk: int = 7, latitude: float | None = 34.66, longitude: float | None = 112.4, **document: Any) -> Any:
    return IndexedInstitution(
        pk, frozenset({"t:满", "=all:"}), {**DOCUMENT, **document}, "xiao", latitude, longitude, 900
    )


def test_question_is_one_request_and_its_answer_one_page(server: Server) -> None:
    server.answers[f"POST /{NAME}/_search"] = (
        200,
        {
            "hits": {"total": {"value": 12}, "hits": [{"_source": {"pk": 7, "document": DOCUMENT}}]},
            "aggregations": {
                "street": {"values": {"buckets": [{"key": "410305001", "doc_count": 3}]}},
                "mode": {
                    "values": {"buckets": [{"key": "hourly", "doc_count": 2}, {"key": "full_day", "doc_count": 1}]}
                },
                "class_kind": {"values": {"buckets": []}},
                "inclusive": {"values": {"doc_count": 4}},
                "demonstration": {"values": {"doc_count": 0}},
                "first": {"doc_count": 5},
            },
        },
    )

    found = server.engine.search(SearchQuery(q="小满", near=(34.66, 112.4), first={7: 1}))

    assert server.lines() == [f"POST /{NAME}/_search"]
    assert (found.count, found.first_count, found.engine) == (12, 5, "elasticsearch")
    assert [(hit.pk, hit.name, hit.distance_km, hit.highlights["name"]) for hit in found.hits] == [
        (7, "小满托育园", 0.0, "<mark>小满</mark>托育园")
    ]
    assert found.facets == {
        "street": [FacetValue("410305001", 3)],
        "mode": [FacetValue("full_day", 1), FacetValue("hourly", 2)],
        "class_kind": [],
        "inclusive": [FacetValue("true", 4)],
        "demonstration": [],
    }


def test_answer_without_those_that_come_first(server: Server) -> None:
    server.answers[f"POST /{NAME}/_search"] = (
        200,
        {"hits": {"total": {"value": 0}, "hits": []}, "aggregations": NO_FACETS},
    )

    assert server.engine.search(SearchQuery()).first_count == 0


@pytest.mark.parametrize("status", [404, 500, 503])
def test_server_that_cannot_answer_is_unavailable(server: Server, status: int) -> None:
    server.answers[f"POST /{NAME}/_search"] = (status, {"error": "x"})

    with pytest.raises(SearchUnavailable):
        server.engine.search(SearchQuery())


def test_server_that_is_away_is_unavailable() -> None:
    with pytest.raises(SearchUnavailable, match="ConnectionError"):
        ElasticEngine("http://127.0.0.1:9").describe()


@pytest.mark.parametrize(("status", "exists"), [(200, True), (404, False)])
def test_an_alias_is_there_or_not(server: Server, status: int, exists: bool) -> None:
    server.answers[f"HEAD /_alias/{NAME}"] = (status, {})

    assert server.engine.exists() is exists


def test_version_of_the_server_is_told(server: Server) -> None:
    server.answers["GET /"] = (200, {"version": {"number": "9.1.0"}})

    assert server.engine.describe() == "elasticsearch 9.1.0"


def test_fingerprint_is_number_and_sum(server: Server) -> None:
    server.answers[f"POST /{NAME}/_search"] = (
        200,
        {"hits": {"total": {"value": 3}}, "aggregations": {"digest": {"value": 12345.0}}},
    )

    assert server.engine.fingerprint() == (3, 12345)
    assert server.lines() == [f"POST /{NAME}/_refresh", f"POST /{NAME}/_search"]
    assert server.asked[1][1] == [
        {"size": 0, "track_total_hits": True, "aggs": {"digest": {"sum": {"field": "digest"}}}}
    ]


def test_fingerprint_without_an_index(server: Server) -> None:
    server.answers[f"POST /{NAME}/_refresh"] = (404, {})

    assert server.engine.fingerprint() == (-1, -1)


def test_records_are_written_and_others_removed(server: Server) -> None:
    server.answers[f"PUT /{NAME}/_bulk"] = (200, {"errors": False, "items": []})

    server.engine.store({7: record()}, institution_ids=[7, 8])

    ((line, sent),) = server.asked
    assert line == f"PUT /{NAME}/_bulk"
    assert sent[0] == {"index": {"_id": "7"}}
    assert sent[1] == {
        "pk": 7, "terms": ["=all:", "t:满"], "name_key": "xiao", "street": "410305001", "mode": ["hourly"],
        "class_kind": ["toddler"], "inclusive": True, "demonstration": False, "price_from": 900,
        "price_hourly": 900, "price_full_day": 5400,
        "digest": record().digest, "document": DOCUMENT, "location": {"lat": 34.66, "lon": 112.4},
    }  # fmt: skip
    assert sent[2:] == [{"delete": {"_id": "8"}}]


@pytest.mark.parametrize(("latitude", "longitude"), [(None, None), (34.66, None), (None, 112.4)])
def test_record_without_position_or_street(server: Server, latitude: float | None, longitude: float | None) -> None:
    server.answers[f"PUT /{NAME}/_bulk"] = (200, {"errors": False, "items": []})

    server.engine.store({7: record(7, latitude, longitude, street="")}, institution_ids=[7])

    sent = server.asked[0][1][1]
    assert ("location" in sent, sent["street"]) == (False, None)


GONE = {"delete": {"status": 404, "result": "not_found", "_id": "8"}}


@pytest.mark.parametrize(
    ("item", "refused"),
    [
        (GONE, False),
        ({"delete": {"status": 404, "error": {"type": "index_not_found_exception"}, "_id": "8"}}, True),
        ({"delete": {"status": 409, "_id": "8"}}, True),
        ({"index": {"status": 404, "_id": "8"}}, True),
    ],
)
def test_only_what_is_gone_already_is_no_trouble(server: Server, item: dict[str, Any], refused: bool) -> None:
    server.answers[f"PUT /{NAME}/_bulk"] = (200, {"errors": True, "items": [item]})

    if refused:
        with pytest.raises(SearchUnavailable, match="1 records refused"):
            server.engine.store({}, institution_ids=[8])
    else:
        server.engine.store({}, institution_ids=[8])


def test_a_new_index_is_filled_beside_the_old_and_takes_its_place(server: Server) -> None:
    server.answers[f"PUT /{NEW}/_bulk"] = (
        200,
        {"errors": False, "items": [{"index": {"status": 201, "_id": "7"}}]},
    )
    server.answers[f"GET /{NAME}-*"] = (200, {f"{NAME}-2": {}, NEW: {}, f"{NAME}-1": {}})

    server.engine.replace_all([record()], now=NOW)

    assert server.lines() == [
        f"PUT /{NEW}",
        f"PUT /{NEW}/_bulk",
        f"POST /{NEW}/_refresh",
        f"GET /{NAME}-*",
        "POST /_aliases",
    ]
    (made,) = server.body(f"PUT /{NEW}")
    assert made["settings"] == {"number_of_shards": 1, "number_of_replicas": 0, "max_result_window": 50_000}
    assert made["mappings"]["dynamic"] == "strict"
    assert made["mappings"]["properties"]["document"] == {"type": "object", "enabled": False}
    assert {name for name, field in made["mappings"]["properties"].items() if field.get("index") is False} == {
        "name_key", "price_from", "digest", *PRICE_FIELDS,
    }  # fmt: skip
    assert made["mappings"]["properties"]["terms"] == {"type": "keyword", "doc_values": False}
    assert server.body("POST /_aliases") == [
        {
            "actions": [
                {"add": {"index": NEW, "alias": NAME}},
                {"remove_index": {"index": f"{NAME}-1"}},
                {"remove_index": {"index": f"{NAME}-2"}},
            ]
        }
    ]


def test_a_new_index_that_cannot_be_filled_is_removed_and_the_old_one_stays(server: Server) -> None:
    server.answers[f"POST /{NEW}/_refresh"] = (500, {"error": "x"})
    server.answers[f"PUT /{NEW}/_bulk"] = (200, {"errors": False, "items": [{"index": {"status": 201, "_id": "7"}}]})

    with pytest.raises(SearchUnavailable):
        server.engine.replace_all([record()], now=NOW)

    assert server.lines()[-1] == f"DELETE /{NEW}"


@pytest.mark.django_db
@pytest.mark.parametrize(("alias", "lines"), [(200, 1), (404, 5)])
def test_indexing_fills_a_server_that_has_no_index(server: Server, settings, alias: int, lines: int) -> None:
    settings.ELASTICSEARCH_URL = server.engine.url
    server.answers[f"HEAD /_alias/{NAME}"] = (alias, {})

    done = indexing.index_institutions([], now=NOW)

    assert (done.written, done.elasticsearch) == (0, True)
    assert (server.lines()[0], len(server.lines())) == (f"HEAD /_alias/{NAME}", lines)
