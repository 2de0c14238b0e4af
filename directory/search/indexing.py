"""Keeps both indexes up to date with the directory. Only jobs and commands import this: it reads pinyin."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from cms.core.calendar.times import local_date
from cms.core.runtime import versions
from cms.core.runtime.failures import log_failure
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register.models import Institution
from directory.search import postings
from directory.search.circuit import elastic_engine
from directory.search.documents import IndexedInstitution, build_documents
from directory.search.engine import SearchUnavailable
from directory.search.models import SearchEntry
from directory.search.new_index import NewIndex
from directory.search.spool import Spool

logger = logging.getLogger(__name__)

BATCH = 500
REPAIRED_AT_ONCE = 20_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an indexing run did. ``failed`` are institutions that could not be indexed; the others were indexed."""

    written: int
    removed: int
    elasticsearch: bool
    failed: tuple[int, ...] = ()


def index_institutions(institution_ids: Collection[int], *, now: dt.datetime) -> Indexed:
    """Bring these institutions' records up to date in both indexes; harmless to repeat.

    The database index is always written first. An Elasticsearch that can't be reached raises
    ``SearchUnavailable``, so that the outbox tries again later. If one of several institutions fails, the others are
    indexed one by one; the failure of a single one is raised.
    """
    if len(institution_ids) == 1:
        return _index(institution_ids, now=now)
    return _index_batch(institution_ids, now=now)


def _index_batch(institution_ids: Collection[int], *, now: dt.datetime) -> Indexed:
    """The same, but those that fail are only returned, even the single one of a batch."""
    try:
        return _index(institution_ids, now=now)
    except SearchUnavailable:
        raise
    except Exception:  # whose it is shows when they are indexed one by one
        return _index_each(institution_ids, now=now)


def _index(institution_ids: Collection[int], *, now: dt.datetime) -> Indexed:
    records = build_documents(institution_ids, today=local_date(now))
    written, removed = postings.store(records, institution_ids=institution_ids, now=now)
    if written or removed:
        versions.bump(PUBLIC_PAGES)
    elastic = elastic_engine()
    if elastic is not None and elastic.exists():
        elastic.store(records, institution_ids=institution_ids)
    elif elastic is not None:
        elastic.replace_all(_all_records(None, [], now), now=now)
    return Indexed(written, removed, elastic is not None)


def _index_each(institution_ids: Collection[int], *, now: dt.datetime) -> Indexed:
    written = removed = 0
    failed = []
    for pk in institution_ids:
        try:
            done = _index([pk], now=now)
        except SearchUnavailable:
            raise
        except Exception as error:  # any error in one record: the others are still indexed
            log_failure(logger, f"indexing institution {pk}", error)
            failed.append(pk)
        else:
            written, removed = written + done.written, removed + done.removed
    return Indexed(written, removed, elastic_engine() is not None, tuple(failed))


def rebuild(*, now: dt.datetime, progress: Progress | None = None) -> Indexed:
    """Build both indexes again and swap them with the old ones; records are held in memory one batch at a time."""
    failed: list[int] = []
    elastic = elastic_engine()
    with NewIndex(now=now) as index, Spool[IndexedInstitution]() as records:
        for record in _all_records(progress, failed, now):
            index.add(record)
            if elastic is not None:
                records.add(record)
        meanwhile = index.replace_old(started_at=now)
        versions.bump(PUBLIC_PAGES)
        if elastic is not None:
            elastic.replace_all(records, now=now)
        written = len(index)
    for start in range(0, len(meanwhile), BATCH):
        failed += _index_batch(meanwhile[start : start + BATCH], now=now).failed
    return Indexed(written, 0, elastic is not None, tuple(failed))


def index_everything(*, now: dt.datetime, progress: Progress | None = None) -> Indexed:
    """Bring every record up to date in place; unchanged ones are not written."""
    written = removed = 0
    failed: list[int] = []
    total = Institution.objects.count()
    for done, batch in enumerate(_batches()):
        found = _index_batch(batch, now=now)
        written, removed = written + found.written, removed + found.removed
        failed += found.failed
        if progress:
            progress(min((done + 1) * BATCH, total), total)
    return Indexed(written, removed, elastic_engine() is not None, tuple(failed))


def catch_up(now: dt.datetime) -> tuple[int, ...]:
    """Repair what no message does: institutions missing from the index, an Elasticsearch that was away or is new.

    Returns the institutions that could not be indexed; the repair goes on without them.
    """
    stale = SearchEntry.objects.filter(institution__is_public=False).order_by("pk").values_list("pk", flat=True)
    missing = Institution.objects.filter(is_public=True, search_entry=None).order_by("pk").values_list("pk", flat=True)
    if missing.count() > REPAIRED_AT_ONCE:
        return rebuild(now=now).failed
    failed: list[int] = []
    wanted = [*missing, *stale[:REPAIRED_AT_ONCE]]
    for start in range(0, len(wanted), BATCH):
        failed += _index_batch(wanted[start : start + BATCH], now=now).failed
    elastic = elastic_engine()
    if elastic is not None and elastic.fingerprint() != postings.fingerprint():
        elastic.replace_all(_all_records(None, [], now), now=now)
    return tuple(failed)


def _all_records(progress: Progress | None, failed: list[int], now: dt.datetime) -> Iterator[IndexedInstitution]:
    """Every public institution's record; the keys of those that have none because of an error go into ``failed``."""
    total = Institution.objects.filter(is_public=True).count()
    done = 0
    for batch in _batches(is_public=True):
        yield from _built(batch, failed, now)
        done += len(batch)
        if progress:
            progress(done, total)


def _built(batch: list[int], failed: list[int], now: dt.datetime) -> Iterator[IndexedInstitution]:
    try:
        yield from build_documents(batch, today=local_date(now)).values()
    except Exception as error:
        if len(batch) > 1:
            for pk in batch:
                yield from _built([pk], failed, now)
        else:
            log_failure(logger, f"indexing institution {batch[0]}", error)
            failed += batch


def _batches(**conditions: bool) -> Iterator[list[int]]:
    last = 0
    while batch := list(
        Institution.objects.filter(pk__gt=last, **conditions).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        yield batch
        last = batch[-1]
