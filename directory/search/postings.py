"""Keeping the database engine's index up to date: records, the bitmap of each term, and columns of values by slot.

Writers queue at the version row. Readers never wait: they notice a new version and read the snapshot again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Count, Sum

from directory.search.bitmaps import changed, free_slots, unpack
from directory.search.documents import IndexedInstitution
from directory.search.engine import ALL
from directory.search.index_columns import change_columns
from directory.search.index_rows import BATCH, entry_of, lock_index, posting_of, save_postings
from directory.search.models import SearchEntry, SearchPosting


def store(
    records: Mapping[int, IndexedInstitution], *, institution_ids: Collection[int], now: dt.datetime
) -> tuple[int, int]:
    """Bring the index entries of these institutions up to date with ``records``; those without a record are removed.

    Returns how many records were written and removed; unchanged ones are not touched. What is written grows
    with what changes: the sets of the terms that come or go, the columns' pieces that differ.
    """
    with transaction.atomic():
        lock_index()
        before = {entry.pk: entry for entry in SearchEntry.objects.filter(pk__in=institution_ids)}
        gone = [entry for pk, entry in before.items() if pk not in records]
        wanted = [record for pk, record in records.items() if _differs(before.get(pk), record)]
        if not gone and not wanted:
            return 0, 0
        entries = _entries(wanted, before, now=now)
        _change_postings(gone, before, entries)
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
        _save_entries(entries)
        change_columns(gone, before, entries)
    return len(entries), len(gone)


def fingerprint() -> tuple[int, int]:
    """How many records there are and the sum of their digests: equal where two indexes have the same records."""
    found = SearchEntry.objects.aggregate(number=Count("pk"), digests=Sum("digest"))
    return found["number"], found["digests"] or 0


def _differs(entry: SearchEntry | None, record: IndexedInstitution) -> bool:
    return entry is None or entry.digest != record.digest


def _entries(
    wanted: Collection[IndexedInstitution], before: Mapping[int, SearchEntry], *, now: dt.datetime
) -> list[SearchEntry]:
    """Rows for these records: the old slot, else one that is free."""
    number = sum(record.pk not in before for record in wanted)
    free = iter(_free_slots(number) if number else ())
    slots = {record.pk: before[record.pk].slot if record.pk in before else next(free) for record in wanted}
    return [entry_of(record, slot=slots[record.pk], now=now) for record in wanted]


def _free_slots(wanted: int) -> list[int]:
    data = SearchPosting.objects.filter(term=ALL).values_list("data", flat=True).first()
    return free_slots(unpack(data or b""), wanted)


def _change_postings(
    gone: Collection[SearchEntry], before: Mapping[int, SearchEntry], entries: Collection[SearchEntry]
) -> None:
    put: defaultdict[str, list[int]] = defaultdict(list)
    take: defaultdict[str, list[int]] = defaultdict(list)
    for entry in gone:
        for term in entry.terms.split():
            take[term].append(entry.slot)
    for entry in entries:
        old = set(before[entry.pk].terms.split()) if entry.pk in before else set()
        new = set(entry.terms.split())
        for term in new - old:
            put[term].append(entry.slot)
        for term in old - new:
            take[term].append(entry.slot)
    terms = sorted(put.keys() | take.keys())
    for start in range(0, len(terms), BATCH):
        _apply(terms[start : start + BATCH], put, take)


def _apply(terms: list[str], put: Mapping[str, list[int]], take: Mapping[str, list[int]]) -> None:
    before = {row.term: row.data for row in SearchPosting.objects.filter(term__in=terms)}
    after = {term: changed(before.get(term, b""), put=put.get(term, ()), take=take.get(term, ())) for term in terms}
    save_postings([posting_of(term, data) for term, data in after.items() if data])
    SearchPosting.objects.filter(term__in=[term for term, data in after.items() if not data]).delete()


def _save_entries(entries: list[SearchEntry]) -> None:
    fields = [field.name for field in SearchEntry._meta.fields if not field.primary_key]
    SearchEntry.objects.bulk_create(
        entries, batch_size=BATCH, update_conflicts=True, unique_fields=["institution"], update_fields=fields
    )
