"""What keeps the index small work: batches, one bad record, what a change writes, and giving space back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.core.models import OutboxMessage
from cms.core.runtime import outbox, versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register import ports
from directory.register.models import Institution
from directory.register.services.changes import institutions_changed
from directory.search import circuit, columns, index_columns, indexing, snapshot
from directory.search.database import DatabaseEngine
from directory.search.engine import SearchQuery
from directory.search.models import SearchEntry, SearchPosting
from tests.factories.directory import (
    AuthorisationFactory,
    CareProductFactory,
    ClassGroupFactory,
    InstitutionFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def bad() -> Iterator[set[int]]:
    """Institutions whose steps booking can't tell: their records can't be made."""
    wrong: set[int] = set()

    def steps(pks: Collection[int]) -> Mapping[int, int]:
        if wrong.intersection(pks):
            raise LookupError("steps")
        return {}

    with ports.step_minutes.replaced_by(steps):
        yield wrong


def many(count: int) -> list[int]:
    first = InstitutionFactory(public=True)
    Institution.objects.bulk_create(
        Institution(district=first.district, name=f"示例园{n}", address=f"路{n}号", is_public=True, state="active",
                    latitude=30.0, longitude=110.0, created_at=NOW, changed_at=NOW)
        for n in range(count - 1)
    )  # fmt: skip
    return list(Institution.objects.order_by("pk").values_list("pk", flat=True))


def indexed() -> list[int]:
    return list(SearchEntry.objects.order_by("pk").values_list("pk", flat=True))


def test_one_bad_institution_of_a_batch_holds_back_no_other(bad: set[int]) -> None:
    pks = many(5)
    bad.add(pks[2])
    institutions_changed(institution_ids=pks, now=NOW)

    outbox.drain(now=NOW)

    assert indexed() == [pk for pk in pks if pk != pks[2]]
    assert [(row.payload, row.done_at, row.last_error) for row in OutboxMessage.objects.order_by("pk")] == [
        ({}, NOW, ""),
        ({"institutions": [pks[2]]}, None, ""),
    ]


def test_a_batch_with_a_bad_one_says_what_was_done_where(bad: set[int]) -> None:
    pks = many(3)
    bad.add(pks[0])

    done = indexing.index_institutions(pks, now=NOW)

    assert done == indexing.Indexed(written=2, removed=0, elasticsearch=False, failed=(pks[0],))


def test_a_snapshot_keeps_facets_and_no_words() -> None:
    indexing.index_institutions(many(2), now=NOW)
    words = set(SearchPosting.objects.filter(part=SearchPosting.Part.WORD).values_list("term", flat=True))

    read, _sets = snapshot.read_snapshot([])

    assert words
    assert read.facets
    assert words.isdisjoint(read.facets)


def test_the_bad_one_is_tried_again_alone_and_its_error_recorded(bad: set[int]) -> None:
    pks = many(3)
    bad.add(pks[0])
    institutions_changed(institution_ids=pks, now=NOW)
    for _ in range(2):
        outbox.drain(now=NOW)

    waiting = OutboxMessage.objects.get(done_at=None)
    assert (waiting.payload, waiting.attempts, waiting.last_error) == ({"institutions": [pks[0]]}, 1, "LookupError")
    bad.clear()
    outbox.drain(now=NOW + dt.timedelta(minutes=1))
    assert indexed() == pks
    assert OutboxMessage.objects.filter(done_at=None).count() == 0


def test_a_batch_delivered_twice_asks_once_for_the_bad_one(bad: set[int]) -> None:
    from directory.search.jobs import index_changed  # noqa: PLC0415

    pks = many(3)
    bad.add(pks[0])

    for _ in range(2):
        index_changed({"institutions": pks}, key="a", now=NOW)

    assert [row.key for row in OutboxMessage.objects.all()] == [f"a:{pks[0]}"]


def test_messages_of_the_first_release_are_understood() -> None:
    from directory.search.jobs import index_changed  # noqa: PLC0415

    (pk,) = many(1)

    index_changed({"institution": pk}, key="a", now=NOW)

    assert indexed() == [pk]


def test_a_rebuild_leaves_out_the_bad_one_and_asks_for_it_again(bad: set[int]) -> None:
    pks = many(5)
    bad.add(pks[4])
    outbox.emit(topic="search.rebuild", key="a", payload={}, now=NOW)

    outbox.drain(now=NOW)

    assert indexed() == pks[:4]
    assert [row.payload for row in OutboxMessage.objects.filter(done_at=None)] == [{"institutions": [pks[4]]}]


def test_catching_up_passes_over_the_bad_one(bad: set[int]) -> None:
    pks = many(3)
    bad.add(pks[1])

    assert indexing.catch_up(NOW) == (pks[1],)
    assert indexed() == [pks[0], pks[2]]


def test_catching_up_goes_on_after_a_batch_of_one_bad_one(bad: set[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 1)
    pks = many(3)
    bad.add(pks[0])

    assert indexing.catch_up(NOW) == (pks[0],)
    assert indexed() == pks[1:]
    assert indexing.catch_up(NOW) == (pks[0],)


def test_an_index_far_behind_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "REPAIRED_AT_ONCE", 2)
    pks = many(3)

    with CaptureQueriesContext(connection) as queries:
        indexing.catch_up(NOW)

    assert indexed() == pks
    assert sum("DELETE" in query["sql"] for query in queries) == 2


@pytest.mark.parametrize("piece", [2, columns.PIECE])
def test_a_change_writes_what_differs(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PIECE", piece)
    pks = many(6)
    indexing.rebuild(now=NOW)
    before = {row.term: bytes(row.data) for row in SearchPosting.objects.all()}
    Institution.objects.filter(pk=pks[4]).update(latitude=31.0)

    with CaptureQueriesContext(connection) as queries:
        indexing.index_institutions([pks[4]], now=NOW)

    after = {row.term: bytes(row.data) for row in SearchPosting.objects.all()}
    assert {term for term in after if after[term] != before.get(term)} == {
        "=version",
        f"=latitude#{4 // piece}",
    }
    assert before.keys() == after.keys()
    assert len(queries) <= 22


def test_a_change_leaves_what_a_rebuild_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PIECE", 2)
    pks = many(7)
    indexing.rebuild(now=NOW)
    Institution.objects.filter(pk=pks[1]).update(name="啊第一")
    Institution.objects.filter(pk=pks[2]).update(is_public=False)
    indexing.index_institutions(pks[1:3], now=NOW)
    Institution.objects.filter(pk=pks[2]).update(is_public=True, name="在最后")
    indexing.index_institutions(pks[2:3], now=NOW)
    changed = {row.term: bytes(row.data) for row in SearchPosting.objects.exclude(term="=version")}

    indexing.rebuild(now=NOW)

    assert changed == {row.term: bytes(row.data) for row in SearchPosting.objects.exclude(term="=version")}


@pytest.mark.parametrize("at_once", [0, 100])
def test_names_are_in_order_however_many_change(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_columns, "RANKED_ONE_BY_ONE", at_once)
    pks = many(5)
    indexing.rebuild(now=NOW)
    for pk, name in zip(pks, ["丁园", "甲园", "丙园", "乙园", "戊园"], strict=True):
        Institution.objects.filter(pk=pk).update(name=name)
    indexing.index_institutions(pks[:3], now=NOW)
    indexing.index_institutions(pks[3:], now=NOW)

    found = DatabaseEngine().search(SearchQuery(sort="name"))

    assert [hit.name for hit in found.hits] == ["丙园", "丁园", "甲园", "戊园", "乙园"]


def test_an_index_of_the_first_release_is_changed_in_place() -> None:
    pks = many(3)
    indexing.rebuild(now=NOW)
    for name in columns.CODES:
        SearchPosting.objects.filter(term=f"{name}#0").update(term=name)
    Institution.objects.filter(pk=pks[0]).update(name="啊第一")

    indexing.index_institutions(pks[:1], now=NOW)
    found = DatabaseEngine().search(SearchQuery(sort="name"))

    assert [hit.pk for hit in found.hits] == pks
    assert set(SearchPosting.objects.filter(part=2).values_list("term", flat=True)) == {
        "=version",
        *(f"{name}#0" for name in columns.CODES),
    }


def test_freed_slots_are_used_again() -> None:
    pks = many(4)
    indexing.rebuild(now=NOW)
    Institution.objects.filter(pk__in=pks[1:3]).update(is_public=False)
    indexing.index_institutions(pks[1:3], now=NOW)
    Institution.objects.filter(pk__in=pks[1:3]).update(is_public=True)

    indexing.index_institutions(pks[2:3], now=NOW)
    indexing.index_institutions(pks[1:2], now=NOW)

    assert dict(SearchEntry.objects.values_list("pk", "slot")) == {pks[0]: 0, pks[2]: 1, pks[1]: 2, pks[3]: 3}


@pytest.mark.parametrize(("radius", "found"), [(1.111, 0), (1.112, 1), (5.0, 1)])
def test_a_radius_reaches_its_edge(radius: float, found: int) -> None:
    pks = many(1)
    Institution.objects.filter(pk=pks[0]).update(latitude=30.01, longitude=110.0)
    indexing.rebuild(now=NOW)

    result = DatabaseEngine().search(SearchQuery(near=(30.0, 110.0), radius_km=radius))

    assert result.count == found


@pytest.mark.django_db(transaction=True)
def test_cached_pages_are_dropped_only_where_something_changed() -> None:
    pks = many(2)

    def rise(act) -> int:
        versions.forget_seen()
        before = versions.current(PUBLIC_PAGES)
        act()
        versions.forget_seen()
        return versions.current(PUBLIC_PAGES) - before

    assert rise(lambda: indexing.index_institutions(pks, now=NOW)) == 1
    assert rise(lambda: indexing.index_institutions(pks, now=NOW)) == 0
    Institution.objects.filter(pk=pks[0]).update(is_public=False)
    assert rise(lambda: indexing.index_institutions(pks, now=NOW)) == 1
    assert rise(lambda: indexing.rebuild(now=NOW)) == 1


def test_overlapping_hits_are_marked_whole() -> None:
    (pk,) = many(1)
    Institution.objects.filter(pk=pk).update(name="宝宝宝宝园")
    indexing.rebuild(now=NOW)

    (hit,) = DatabaseEngine().search(SearchQuery(q="宝宝")).hits

    assert hit.highlights["name"] == "<mark>宝宝宝宝</mark>园"


@pytest.mark.parametrize("at_once", [0, 100])
def test_equal_names_stand_by_their_institution(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_columns, "RANKED_ONE_BY_ONE", at_once)
    pks = many(4)
    Institution.objects.filter(pk__in=pks[1:]).update(name="同名园")
    Institution.objects.filter(pk=pks[0]).update(name="啊园")
    indexing.rebuild(now=NOW)
    Institution.objects.filter(pk=pks[0]).update(name="同名园")

    indexing.index_institutions(pks[:1], now=NOW)

    assert [hit.pk for hit in DatabaseEngine().search(SearchQuery(sort="name")).hits] == pks


def test_an_answer_says_how_long_it_took(db: None) -> None:
    found = circuit.search(SearchQuery())

    assert 0 < found.took_ms < 60_000


def test_a_record_says_by_what_the_institution_is_public_now() -> None:
    (pk,) = many(1)
    filing = Institution.objects.get(pk=pk).authorisations.get()
    filing.ended_date, filing.ended_reason = NOW.date(), "换发许可"
    filing.save()
    AuthorisationFactory(institution_id=pk, basis="permit")

    assert indexing.build_documents([pk], today=NOW.date())[pk].document["basis"] == "permit"


def test_a_record_counts_what_is_offered_now() -> None:
    (pk,) = many(1)
    CareProductFactory(institution_id=pk, fee=8000)
    CareProductFactory(institution_id=pk, fee=6000, ends=dt.time(17))
    CareProductFactory(institution_id=pk, fee=100, ends=dt.time(16), active=False)
    CareProductFactory(institution_id=pk, hourly=True, fee=900, active=True)
    ClassGroupFactory(institution_id=pk, kind="toddler")
    ClassGroupFactory(institution_id=pk, kind="infant", active=False)

    record = indexing.build_documents([pk], today=NOW.date())[pk]

    assert record.document["prices"] == {"full_day": 6000, "hourly": 1800}
    assert (record.price_from, record.document["class_kinds"]) == (1800, ["toddler"])
