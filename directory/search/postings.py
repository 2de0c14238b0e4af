"""Writing the database engine's index: records, the bitmap of each term, and columns of values by slot.

Writers stand in line at the version row. Readers never wait: they notice a new version and read the frame again.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Sum
from django.db.models.functions import Collate

from cms.core.security.codes import new_public_id
from directory.search import columns
from directory.search.bitmaps import Gathering, changed, free_slots, unpack
from directory.search.documents import IndexedInstitution
from directory.search.engine import ALL
from directory.search.frame import VERSION
from directory.search.models import SearchEntry, SearchPosting
from directory.search.spool import Spool

FACET_SIGN = "="
BATCH = 500
POSTINGS_AT_ONCE = 200
#: With more names to place, reading all of them costs less than looking for each place.
RANKED_ONE_BY_ONE = 20

Part = SearchPosting.Part


def store(
    records: Mapping[int, IndexedInstitution], *, institution_ids: Collection[int], now: dt.datetime
) -> tuple[int, int]:
    """Make the index say about these institutions what ``records`` says; one without a record leaves the index.

    Returns how many records were written and removed; those that already say so are not touched. What is written grows
    with what changes: the sets of the terms that come or go, the columns' pieces that differ.
    """
    with transaction.atomic():
        _lock()
        before = {entry.pk: entry for entry in SearchEntry.objects.filter(pk__in=institution_ids)}
        gone = [entry for pk, entry in before.items() if pk not in records]
        wanted = [record for pk, record in records.items() if _differs(before.get(pk), record)]
        if not gone and not wanted:
            return 0, 0
        entries = _entries(wanted, before, now=now)
        _change_postings(gone, before, entries)
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in gone]).delete()
        _save_entries(entries)
        _change_columns(gone, before, entries)
    return len(entries), len(gone)


class NewIndex:
    """A whole index beside the old one, made before any lock is taken; a context manager, since it holds a file.

    In memory are the terms' sets and the columns; the records themselves wait in the file.
    """

    def __init__(self, *, now: dt.datetime) -> None:
        self.now = now
        self._rows: Spool[tuple[Any, ...]] = Spool()
        self._sets = Gathering()
        self._columns = columns.empty(0)

    def __len__(self) -> int:
        return len(self._rows)

    def __enter__(self) -> NewIndex:
        return self

    def __exit__(self, *error: object) -> None:
        self._rows.__exit__(None, None, None)

    def add(self, record: IndexedInstitution) -> None:
        """One more record; it takes the next slot."""
        slot = len(self._rows)
        entry = _entry(record, slot=slot, now=self.now)
        self._rows.add(tuple(getattr(entry, name) for name in _ENTRY_FIELDS))
        self._sets.add(slot, record.terms)
        columns.resize(self._columns, slot + 1)
        _put(self._columns, entry)

    def replace_old(self, *, started_at: dt.datetime) -> list[int]:
        """Put it in place of the old index, in one transaction.

        Returns the institutions that were indexed since ``started_at``: what was read for them may be older, so the
        caller indexes them once more.
        """
        with transaction.atomic():
            _lock()
            meanwhile = list(SearchEntry.objects.filter(indexed_at__gt=started_at).values_list("pk", flat=True))
            SearchEntry.objects.all().delete()
            SearchPosting.objects.exclude(term=VERSION).delete()
            entries = (SearchEntry(**dict(zip(_ENTRY_FIELDS, row, strict=True))) for row in self._rows)
            while batch := list(islice(entries, BATCH)):
                SearchEntry.objects.bulk_create(batch)
            rows = (_posting(term, data) for term, data in self._sets.taken())
            while found := list(islice(rows, POSTINGS_AT_ONCE)):
                _save_postings(found)
            columns.rank_all(self._columns, _slots_by_name())
            _save_columns(columns.cut(self._columns))
        return meanwhile


_ENTRY_FIELDS = tuple(field.attname for field in SearchEntry._meta.concrete_fields)


def replace_all(records: Iterable[IndexedInstitution], *, started_at: dt.datetime, now: dt.datetime) -> list[int]:
    """Put an index of these records in place of the old one; returns what :meth:`NewIndex.replace_old` does."""
    with NewIndex(now=now) as index:
        for record in records:
            index.add(record)
        return index.replace_old(started_at=started_at)


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
    wanted: Collection[IndexedInstitution], before: Mapping[int, SearchEntry], *, now: dt.datetime
) -> list[SearchEntry]:
    """Rows for these records: the old slot, else one that is free."""
    number = sum(record.pk not in before for record in wanted)
    free = iter(_free_slots(number) if number else ())
    return [
        _entry(record, slot=before[record.pk].slot if record.pk in before else next(free), now=now) for record in wanted
    ]


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
    _save_postings([_posting(term, data) for term, data in after.items() if data])
    SearchPosting.objects.filter(term__in=[term for term, data in after.items() if not data]).delete()


def _posting(term: str, data: bytes) -> SearchPosting:
    part = Part.FACET if term.startswith(FACET_SIGN) else Part.WORD
    return SearchPosting(term=term, part=part, data=data)


def _save_postings(rows: list[SearchPosting]) -> None:
    SearchPosting.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["term"], update_fields=["part", "data"]
    )


def _save_entries(entries: list[SearchEntry]) -> None:
    fields = [field.name for field in SearchEntry._meta.fields if not field.primary_key]
    SearchEntry.objects.bulk_create(
        entries, batch_size=BATCH, update_conflicts=True, unique_fields=["institution"], update_fields=fields
    )


def _change_columns(
    gone: Collection[SearchEntry], before: Mapping[int, SearchEntry], entries: Collection[SearchEntry]
) -> None:
    """Write the pieces that differ, and a new version."""
    rows = SearchPosting.objects.filter(part=Part.COLUMN).exclude(term=VERSION)
    pieces = {row.term: bytes(row.data) for row in rows}
    values = columns.joined(pieces)
    moved = {entry.slot: (entry.name_key, entry.pk) for entry in entries if _moves(before.get(entry.pk), entry)}
    order = columns.in_order(values) if moved or gone else []
    columns.resize(values, max(len(values["=pk"]), *(entry.slot + 1 for entry in [*entries, *gone])))
    for entry in gone:
        columns.clear(values, entry.slot)
    for entry in entries:
        _put(values, entry)
    left = [slot for slot in order if values["=pk"][slot]]
    columns.trim(values)
    if len(moved) > RANKED_ONE_BY_ONE:
        columns.rank_all(values, _slots_by_name())
    elif moved or gone:
        columns.rank_some(values, moved, before=left, key_of=functools.cache(_key_of))
    after = dict(columns.cut(values))
    _save_columns((term, data) for term, data in after.items() if pieces.get(term) != data)
    SearchPosting.objects.filter(term__in=pieces.keys() - after.keys()).delete()


def _moves(before: SearchEntry | None, after: SearchEntry) -> bool:
    """Whether the place of the record in the order of names may change."""
    return before is None or before.name_key != after.name_key


def _put(values: columns.Columns, entry: SearchEntry) -> None:
    columns.put(
        values,
        entry.slot,
        pk=entry.pk,
        latitude=entry.latitude,
        longitude=entry.longitude,
        price=entry.price_from,
    )


def _slots_by_name() -> Iterator[int]:
    """All slots in the order of names; letters by their number on both databases, as Python compares them."""
    key = Collate("name_key", "C" if connection.vendor == "postgresql" else "BINARY")
    yield from SearchEntry.objects.order_by(key, "pk").values_list("slot", flat=True).iterator()


def _key_of(slot: int) -> columns.Key:
    return SearchEntry.objects.values_list("name_key", "pk").get(slot=slot)


def _save_columns(pieces: Iterable[tuple[str, bytes]]) -> None:
    """Save these pieces; with a new version readers read the frame again."""
    saved = [SearchPosting(term=term, part=Part.COLUMN, data=data) for term, data in pieces]
    saved.append(SearchPosting(term=VERSION, part=Part.COLUMN, data=new_public_id().encode()))
    _save_postings(saved)
