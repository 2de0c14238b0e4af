"""Writing the database engine's index: records, the bitmap of each term, and columns of values by slot.

Writers stand in line at the version row. Readers never wait: they notice a new version and read the frame again.
"""

from __future__ import annotations

import datetime as dt
import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum

from cms.core.security.codes import new_public_id
from directory.search.bitmaps import from_slots, pack, unpack
from directory.search.documents import IndexedInstitution
from directory.search.frame import COLUMNS, NOTHING, VERSION
from directory.search.models import SearchEntry, SearchPosting

FACET_SIGN = "="
BATCH = 500

Part = SearchPosting.Part


def store(
    records: Mapping[int, IndexedInstitution], *, institution_ids: Collection[int], now: dt.datetime
) -> tuple[int, int]:
    """Make the index say about these institutions what ``records`` says; one without a record leaves the index.

    Returns how many records were written and removed; those that already say so are not touched.
    """
    with transaction.atomic():
        _lock()
        before = {entry.pk: entry for entry in SearchEntry.objects.filter(pk__in=institution_ids)}
        gone = [entry for pk, entry in before.items() if pk not in records]
        changed = [record for pk, record in records.items() if _differs(before.get(pk), record)]
        if not gone and not changed:
            return 0, 0
        entries = _entries(changed, before, now=now)
        _change_postings(gone, before, entries)
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
        _save_entries(entries)
        _write_columns()
    return len(entries), len(gone)


def replace_all(records: Iterable[IndexedInstitution], *, started_at: dt.datetime, now: dt.datetime) -> list[int]:
    """Put a whole new index in place of the old one, in one transaction.

    Returns the institutions that were indexed since ``started_at``: what was read for them may be older, so the caller
    indexes them once more.
    """
    by_term: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    entries = []
    for slot, record in enumerate(records):
        entries.append(_entry(record, slot=slot, now=now))
        for term in record.terms:
            by_term[term].append(slot)
    rows = [_posting(term, from_slots(slots)) for term, slots in by_term.items()]
    with transaction.atomic():
        _lock()
        meanwhile = list(SearchEntry.objects.filter(indexed_at__gt=started_at).values_list("pk", flat=True))
        SearchEntry.objects.all().delete()
        SearchPosting.objects.exclude(term=VERSION).delete()
        SearchEntry.objects.bulk_create(entries, batch_size=BATCH)
        SearchPosting.objects.bulk_create(rows, batch_size=BATCH)
        _write_columns()
    return meanwhile


def fingerprint() -> tuple[int, int]:
    """How many records there are and the sum of their digests: equal where two indexes say the same."""
    found = SearchEntry.objects.aggregate(number=Count("pk"), digests=Sum("digest"))
    return found["number"], found["digests"] or 0


def _lock() -> None:
    """Wait for other writers (SQLite has only one anyway)."""
    SearchPosting.objects.get_or_create(term=VERSION, defaults={"part": Part.COLUMN, "data": b""})
    if connection.features.has_select_for_update:
        SearchPosting.objects.select_for_update().get(term=VERSION)


def _differs(entry: SearchEntry | None, record: IndexedInstitution) -> bool:
    return entry is None or entry.digest != record.digest


def _joined(terms: Iterable[str]) -> str:
    return " ".join(sorted(terms))


def _entry(record: IndexedInstitution, *, slot: int, now: dt.datetime) -> SearchEntry:
    return SearchEntry(
        institution_id=record.pk,
        slot=slot,
        terms=_joined(record.terms),
        document=record.document,
        name_key=record.name_key,
        latitude=record.latitude,
        longitude=record.longitude,
        price_from=record.price_from,
        digest=record.digest,
        indexed_at=now,
    )


def _entries(
    changed: Collection[IndexedInstitution], before: Mapping[int, SearchEntry], *, now: dt.datetime
) -> list[SearchEntry]:
    """Rows for the changed records: the old slot, else one that is free."""
    wanted = sum(record.pk not in before for record in changed)
    free = iter(_free_slots(wanted))
    return [
        _entry(record, slot=before[record.pk].slot if record.pk in before else next(free), now=now)
        for record in changed
    ]


def _free_slots(wanted: int) -> list[int]:
    if not wanted:
        return []
    used = set(SearchEntry.objects.values_list("slot", flat=True))
    return [slot for slot in range(len(used) + wanted) if slot not in used][:wanted]


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
    kept = {row.term: unpack(row.data) for row in SearchPosting.objects.filter(term__in=terms)}
    rows, empty = [], []
    for term in terms:
        bits = (kept.get(term, 0) & ~from_slots(take.get(term, []))) | from_slots(put.get(term, []))
        if bits:
            rows.append(_posting(term, bits))
        else:
            empty.append(term)
    _save_postings(rows)
    SearchPosting.objects.filter(term__in=empty).delete()


def _posting(term: str, bits: int) -> SearchPosting:
    part = Part.FACET if term.startswith(FACET_SIGN) else Part.WORD
    return SearchPosting(term=term, part=part, data=pack(bits))


def _save_postings(rows: list[SearchPosting]) -> None:
    SearchPosting.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["term"], update_fields=["part", "data"]
    )


def _save_entries(entries: list[SearchEntry]) -> None:
    fields = [field.name for field in SearchEntry._meta.fields if not field.primary_key]
    SearchEntry.objects.bulk_create(
        entries, batch_size=BATCH, update_conflicts=True, unique_fields=["institution"], update_fields=fields
    )


def _write_columns() -> None:
    """Values by slot, read from the records; ``=rank`` is the place of a slot in the order of names."""
    rows = list(SearchEntry.objects.values_list("slot", "pk", "latitude", "longitude", "price_from", "name_key"))
    size = max((row[0] for row in rows), default=-1) + 1
    columns: dict[str, array[Any]] = {
        name: array(code, [math.nan if code == "d" else 0]) * size for name, code in COLUMNS.items()
    }
    rows.sort(key=lambda row: (row[5], row[1]))
    for rank, (slot, pk, latitude, longitude, price, _) in enumerate(rows):
        columns["=rank"][slot] = rank
        columns["=pk"][slot] = pk
        columns["=price"][slot] = NOTHING if price is None else price
        if latitude is not None and longitude is not None:
            columns["=latitude"][slot], columns["=longitude"][slot] = latitude, longitude
    saved = [SearchPosting(term=name, part=Part.COLUMN, data=column.tobytes()) for name, column in columns.items()]
    saved.append(SearchPosting(term=VERSION, part=Part.COLUMN, data=new_public_id().encode()))
    _save_postings(saved)
