"""The database engine against the questions every engine must answer, and its own index."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.register.models import Institution
from directory.search import indexing, new_index
from directory.search.database import DatabaseEngine
from directory.search.engine import SearchEngine, SearchQuery
from directory.search.models import SearchEntry, SearchPosting
from tests.factories.directory import InstitutionFactory
from tests.search_contract import NOW, SearchContract, names, town

__all__ = ["town"]


class TestDatabaseEngine(SearchContract):
    @pytest.fixture
    def engine(self) -> SearchEngine:
        return DatabaseEngine()


def contents() -> dict[str, bytes]:
    rows = SearchPosting.objects.exclude(term="=version").values_list("term", "data")
    return {term: bytes(data) for term, data in rows}


def test_updates_leave_what_a_rebuild_makes(town: dict[str, Institution]) -> None:
    indexing.index_everything(now=NOW)
    Institution.objects.filter(pk=town["sunshine"].pk).update(name="示例·月光托育中心")
    indexing.index_institutions([town["sunshine"].pk], now=NOW)
    updated = contents()

    indexing.rebuild(now=NOW)

    assert contents() == updated


def test_institution_no_longer_public_leaves_nothing(town: dict[str, Institution]) -> None:
    indexing.rebuild(now=NOW)
    Institution.objects.update(is_demonstration=False)
    Institution.objects.update(is_public=False)

    done = indexing.index_everything(now=NOW)

    assert done.removed == 6
    assert SearchEntry.objects.count() == 0
    assert SearchPosting.objects.filter(part__lt=SearchPosting.Part.COLUMN).count() == 0


def test_nothing_is_written_twice(town: dict[str, Institution]) -> None:
    indexing.rebuild(now=NOW)
    before = SearchPosting.objects.get(term="=version").data

    done = indexing.index_everything(now=NOW)

    assert (done.written, done.removed) == (0, 0)
    assert SearchPosting.objects.get(term="=version").data == before


def test_catch_up_mends_what_was_missed(town: dict[str, Institution]) -> None:
    indexing.index_institutions([town["sunshine"].pk], now=NOW)
    Institution.objects.filter(pk=town["sunshine"].pk).update(is_public=False)

    indexing.catch_up(NOW)

    assert set(SearchEntry.objects.values_list("pk", flat=True)) == {
        found.pk for name, found in town.items() if name != "sunshine"
    }


def test_rebuild_reads_again_what_changed_meanwhile(town: dict[str, Institution]) -> None:
    indexing.rebuild(now=NOW)
    records = list(indexing.build_documents([town["xiaoman"].pk], today=NOW.date()).values())
    later = NOW.replace(hour=3)
    SearchEntry.objects.filter(pk=town["nursery"].pk).update(indexed_at=later)

    assert new_index.replace_all(records, started_at=NOW, now=later) == [town["nursery"].pk]


def test_queries_do_not_grow(town: dict[str, Institution]) -> None:
    indexing.rebuild(now=NOW)
    engine = DatabaseEngine()
    engine.search(SearchQuery())
    counts = []
    for number in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            engine.search(SearchQuery(q="示例 托班", near=(34.66, 112.4), radius_km=90, page_size=number))
        counts.append(len(queries))

    assert counts == [2, 2]


def test_empty_index_answers(db: None) -> None:
    result = DatabaseEngine().search(SearchQuery(q="托班", near=(34.66, 112.4), radius_km=3))

    assert (result.count, list(result.hits)) == (0, [])


@pytest.mark.slow
def test_a_thousand_names_keep_their_places(db: None) -> None:
    first = InstitutionFactory(public=True)
    many = [
        Institution(
            district=first.district, name=f"示例园{n}", address=f"路{n}号", is_public=True, state="active",
            latitude=30 + n / 1000, longitude=110, created_at=NOW, changed_at=NOW,
        )
        for n in range(1000)
    ]  # fmt: skip
    Institution.objects.bulk_create(many)
    indexing.rebuild(now=NOW)

    result = DatabaseEngine().search(SearchQuery(near=(30, 110), sort="distance", page=11, page_size=50))

    assert names(result) == [f"示例园{n}" for n in range(500, 550)]
