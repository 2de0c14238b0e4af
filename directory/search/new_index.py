"""A whole index in place of the old one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.db import transaction

from directory.search import columns
from directory.search.bitmaps import Gathering
from directory.search.documents import IndexedInstitution
from directory.search.index_columns import put_values, save_columns, slots_by_name
from directory.search.index_rows import BATCH, entry_of, lock_index, posting_of, save_postings
from directory.search.models import SearchEntry, SearchPosting
from directory.search.snapshot import VERSION
from directory.search.spool import Spool

POSTINGS_AT_ONCE = 200


class NewIndex:
    """A whole new index, built before any lock is taken; a context manager, since it holds a file.

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
        entry = entry_of(record, slot=slot, now=self.now)
        self._rows.add(tuple(getattr(entry, name) for name in _ENTRY_FIELDS))
        self._sets.add(slot, record.terms)
        columns.resize(self._columns, slot + 1)
        put_values(self._columns, entry)

    def replace_old(self, *, started_at: dt.datetime) -> list[int]:
        """Put it in place of the old index, in one transaction.

        Returns the institutions that were indexed since ``started_at``: what was read for them may be older, so the
        caller indexes them once more.
        """
        with transaction.atomic():
            lock_index()
            meanwhile = list(SearchEntry.objects.filter(indexed_at__gt=started_at).values_list("pk", flat=True))
            SearchEntry.objects.all().delete()
            SearchPosting.objects.exclude(term=VERSION).delete()
            entries = (SearchEntry(**dict(zip(_ENTRY_FIELDS, row, strict=True))) for row in self._rows)
            while batch := list(islice(entries, BATCH)):
                SearchEntry.objects.bulk_create(batch)
            rows = (posting_of(term, data) for term, data in self._sets.taken())
            while found := list(islice(rows, POSTINGS_AT_ONCE)):
                save_postings(found)
            columns.rank_all(self._columns, slots_by_name())
            save_columns(columns.cut(self._columns))
        return meanwhile


_ENTRY_FIELDS = tuple(field.attname for field in SearchEntry._meta.concrete_fields)


def replace_all(records: Iterable[IndexedInstitution], *, started_at: dt.datetime, now: dt.datetime) -> list[int]:
    """Put an index of these records in place of the old one; returns what :meth:`NewIndex.replace_old` does."""
    with NewIndex(now=now) as index:
        for record in records:
            index.add(record)
        return index.replace_old(started_at=started_at)
