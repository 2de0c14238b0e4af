"""Both engines answer the same questions the same way; Elasticsearch may go away and come back at any time."""

from __future__ import annotations

import itertools
import os
import random
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from cms.core.runtime import outbox
from directory.register.models import Institution
from directory.register.services.changes import institution_changed
from directory.search import circuit, elastic, indexing
from directory.search.database import DatabaseEngine
from directory.search.elastic import ElasticEngine
from directory.search.engine import SORTS, SearchEngine, SearchQuery, SearchUnavailable
from tests.factories.directory import InstitutionFactory
from tests.search_contract import HERE, NOW, SearchContract, names, town

__all__ = ["town"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[ElasticEngine]:
    """An index of this process's own, dropped afterwards, a closed circuit, and patience on a busy machine."""
    monkeypatch.setattr(elastic, "SEARCH_SECONDS", 20)
    monkeypatch.setattr(settings, "ELASTICSEARCH_INDEX_PREFIX", f"test-{os.getpid()}")
    monkeypatch.setattr(circuit, "circuit", circuit.Circuit())
    engine = ElasticEngine(settings.ELASTICSEARCH_URL)
    engine.drop()
    yield engine
    engine.drop()


@pytest.mark.parametrize("kind", ["database", "elasticsearch"])
class TestEngines(SearchContract):
    @pytest.fixture
    def engine(self, kind: str, own_index: ElasticEngine, monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
        if kind == "elasticsearch":
            return own_index
        monkeypatch.setattr(settings, "ELASTICSEARCH_URL", "")
        return DatabaseEngine()

    @pytest.fixture
    def settle(self, engine: SearchEngine) -> Callable[[], None]:
        return engine.refresh if isinstance(engine, ElasticEngine) else lambda: None


def test_engines_agree_on_a_thousand_questions(town: dict[str, Institution], own_index: ElasticEngine) -> None:
    chance = random.Random(11)
    words = "小满阳光童乐向日葵启明晨曦禾苗"
    for number in range(60):
        name = "".join(chance.sample(words, 3)) + chance.choice(["托育园", "托班", "托儿所", "照护中心"])
        InstitutionFactory(
            name=f"{name}{number}",
            district=town["east"].district,
            public=True,
            inclusive_places=chance.choice([0, 5]),
            latitude=HERE[0] + chance.uniform(-0.1, 0.1),
            longitude=HERE[1] + chance.uniform(-0.1, 0.1),
            filed_modes=chance.sample(["full_day", "half_day", "hourly"], 2),
        )
    indexing.rebuild(now=NOW)
    pks = list(Institution.objects.values_list("pk", flat=True))
    free = {pk: chance.randrange(1, 5) for pk in chance.sample(pks, 20)}
    questions = itertools.product(
        ["", "托班", "小满", "xiao", "ty", "阳光托育中心", "启明 托育", "t", "满"],
        [None, HERE],
        [None, 4.0],
        ["", "hourly"],
        [False, True],
        [None, free],
        SORTS,
    )
    for q, near, radius, mode, inclusive, first, sort in questions:
        query = SearchQuery(
            q=q, near=near, radius_km=radius, mode=mode, inclusive=inclusive, first=first, sort=sort, page_size=15
        )
        one, other = own_index.search(query), DatabaseEngine().search(query)

        assert (one.hits, one.count, one.first_count, one.facets) == (
            other.hits,
            other.count,
            other.first_count,
            other.facets,
        ), query


def test_index_is_swapped_and_old_ones_go(town: dict[str, Institution], own_index: ElasticEngine) -> None:
    indexing.rebuild(now=NOW)
    indexing.rebuild(now=NOW.replace(minute=5))

    assert len(own_index._writer.indices.get(index="test-*")) == 1
    assert own_index.fingerprint()[0] == 6


def test_failed_rebuild_keeps_the_old_index(town: dict[str, Institution], own_index: ElasticEngine) -> None:
    indexing.rebuild(now=NOW)

    def broken() -> Iterator[object]:
        yield next(iter(indexing.build_documents([town["east"].pk], today=NOW.date()).values()))
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        own_index.replace_all(broken(), now=NOW.replace(minute=9))

    assert len(own_index._writer.indices.get(index="test-*")) == 1
    assert own_index.search(SearchQuery()).count == 6


def test_unknown_field_is_refused(town: dict[str, Institution], own_index: ElasticEngine) -> None:
    indexing.rebuild(now=NOW)

    mapping = own_index._reader.indices.get_mapping(index=f"{settings.ELASTICSEARCH_INDEX_PREFIX}-institutions")

    assert [each["mappings"]["dynamic"] for each in mapping.values()] == ["strict"]


def test_missing_index_is_made_by_the_first_change(town: dict[str, Institution], own_index: ElasticEngine) -> None:
    assert own_index.fingerprint() == (-1, -1)

    indexing.index_institutions([town["east"].pk], now=NOW)

    assert own_index.fingerprint()[0] == 6


class Wire:
    """A way to the server that can be cut and mended, as if the server were killed and started again."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.listener: socket.socket | None = None
        self.open: list[socket.socket] = []
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        assert self.listener is not None
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.open:
            each.close()
        self.open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            return
        finally:
            for each in (source, sink):
                each.close()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    host, _, port = settings.ELASTICSEARCH_URL.removeprefix("http://").rstrip("/").partition(":")
    made = Wire((host, int(port or 9200)))
    monkeypatch.setattr(settings, "ELASTICSEARCH_URL", made.url)
    yield made
    made.cut()


def test_pages_answer_while_the_server_is_away_and_it_comes_back(
    town: dict[str, Institution], wire: Wire, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit, "REST_SECONDS", 0.0)
    indexing.rebuild(now=NOW)
    address = "/api/v1/institutions?q=托班"
    before = client.get(address).json()

    wire.cut()
    away = client.get(address).json()
    page = client.get("/institutions/?q=托班")

    assert before["engine"] == "elasticsearch"
    assert away["engine"] == "database"
    assert [hit["id"] for hit in away["results"]] == [hit["id"] for hit in before["results"]]
    assert page.status_code == 200
    assert "搜索服务器没有应答" not in page.content.decode()

    wire.mend()

    assert client.get(address).json()["engine"] == "elasticsearch"


def test_staff_are_told(town: dict[str, Institution], wire: Wire, client: Client, django_user_model: type) -> None:
    indexing.rebuild(now=NOW)
    client.force_login(django_user_model.objects.create_superuser("chief"))
    wire.cut()

    page = client.get("/institutions/", {"district": "jianxi"})

    assert "搜索服务器没有应答" in page.content.decode()
    wire.mend()


def test_saving_never_fails_and_the_message_waits(town: dict[str, Institution], wire: Wire) -> None:
    indexing.rebuild(now=NOW)
    outbox.OutboxMessage.objects.all().delete()
    wire.cut()
    Institution.objects.filter(pk=town["east"].pk).update(name="示例·南街托育园")

    institution_changed(institution_id=town["east"].pk, now=NOW)
    outbox.drain(now=NOW)

    message = outbox.OutboxMessage.objects.get()
    assert (message.attempts, message.last_error, message.done_at) == (1, "SearchUnavailable", None)
    assert names(circuit.search(SearchQuery(q="南街"))) == ["示例·南街托育园"]

    wire.mend()
    outbox.drain(now=message.available_at)
    engine = circuit.elastic_engine()
    assert engine is not None
    engine.refresh()

    assert names(engine.search(SearchQuery(q="南街"))) == ["示例·南街托育园"]


def test_catch_up_fills_a_server_that_was_away(town: dict[str, Institution], wire: Wire) -> None:
    indexing.rebuild(now=NOW)
    wire.cut()
    Institution.objects.filter(pk=town["east"].pk).update(name="示例·南街托育园")
    with pytest.raises(SearchUnavailable):
        indexing.index_institutions([town["east"].pk], now=NOW)
    wire.mend()

    indexing.catch_up(NOW.replace(minute=9))

    engine = circuit.elastic_engine()
    assert engine is not None
    assert names(engine.search(SearchQuery(q="南街"))) == ["示例·南街托育园"]
