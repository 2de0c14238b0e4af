"""Keeping both indexes true to the directory. Only jobs and commands import this: it reads pinyin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register.models import Institution
from directory.search import postings
from directory.search.circuit import elastic_engine
from directory.search.documents import IndexedInstitution, build_documents
from directory.search.models import SearchEntry

BATCH = 500
REPAIRED_AT_ONCE = 20_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an indexing run did."""

    written: int
    removed: int
    elasticsearch: bool


def index_institutions(institution_ids: Collection[int], *, now: dt.datetime) -> Indexed:
    """Bring these institutions' records up to date in both indexes; harmless to repeat.

    The database index is always written first. An Elasticsearch that can't be reached raises
    ``SearchUnavailable``, so that the outbox tries again later.
    """
    records = build_documents(institution_ids)
    written, removed = postings.store(records, institution_ids=institution_ids, now=now)
    if written or removed:
        versions.bump(PUBLIC_PAGES)
    elastic = elastic_engine()
    if elastic is not None and elastic.exists():
        elastic.store(records, institution_ids=institution_ids)
    elif elastic is not None:
        elastic.replace_all(_all_records(None), now=now)
    return Indexed(written, removed, elastic is not None)


def rebuild(*, now: dt.datetime, progress: Progress | None = None) -> Indexed:
    """Make both indexes anew beside the old ones and swap them."""
    records = list(_all_records(progress))
    meanwhile = postings.replace_all(records, started_at=now, now=now)
    versions.bump(PUBLIC_PAGES)
    elastic = elastic_engine()
    if elastic is not None:
        elastic.replace_all(records, now=now)
    if meanwhile:
        index_institutions(meanwhile, now=now)
    return Indexed(len(records), 0, elastic is not None)


def index_everything(*, now: dt.datetime, progress: Progress | None = None) -> Indexed:
    """Bring every record up to date where it stands; what is right already is not written."""
    written = removed = 0
    elastic = False
    total = Institution.objects.count()
    for done, batch in enumerate(_batches()):
        found = index_institutions(batch, now=now)
        written, removed, elastic = written + found.written, removed + found.removed, found.elasticsearch
        if progress:
            progress(min((done + 1) * BATCH, total), total)
    return Indexed(written, removed, elastic)


def catch_up(now: dt.datetime) -> None:
    """Mend what no message will: institutions the index misses, and an Elasticsearch that was away or is new."""
    stale = SearchEntry.objects.filter(institution__is_public=False).values_list("pk", flat=True)
    missing = Institution.objects.filter(is_public=True, search_entry=None).values_list("pk", flat=True)
    wanted = [*missing[:REPAIRED_AT_ONCE], *stale[:REPAIRED_AT_ONCE]]
    for start in range(0, len(wanted), BATCH):
        index_institutions(wanted[start : start + BATCH], now=now)
    elastic = elastic_engine()
    if elastic is not None and elastic.fingerprint() != postings.fingerprint():
        elastic.replace_all(_all_records(None), now=now)


def _all_records(progress: Progress | None) -> Iterator[IndexedInstitution]:
    total = Institution.objects.filter(is_public=True).count()
    done = 0
    for batch in _batches(is_public=True):
        yield from build_documents(batch).values()
        done += len(batch)
        if progress:
            progress(done, total)


def _batches(**conditions: bool) -> Iterator[list[int]]:
    last = 0
    while batch := list(
        Institution.objects.filter(pk__gt=last, **conditions).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield batch
        last = batch[-1]
