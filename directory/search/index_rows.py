"""The rows of the database engine's index: records, sets of terms, and the lock that writers wait for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from directory.search.documents import IndexedInstitution
from directory.search.models import SearchEntry, SearchPosting
from directory.search.snapshot import VERSION

FACET_SIGN = "="
BATCH = 500
Part = SearchPosting.Part


def lock_index() -> None:
    """Wait for other writers (SQLite has only one anyway)."""
    SearchPosting.objects.get_or_create(term=VERSION, defaults={"part": Part.COLUMN, "data": b""})
    if connection.features.has_select_for_update:
        SearchPosting.objects.select_for_update(no_key=True).get(term=VERSION)


def _joined(terms: Iterable[str]) -> str:
    return " ".join(sorted(terms))


def entry_of(record: IndexedInstitution, *, slot: int, now: dt.datetime) -> SearchEntry:
    """The row of a record."""
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


def posting_of(term: str, data: bytes) -> SearchPosting:
    """The row of a term: ``data`` is the set of the slots it stands for."""
    part = Part.FACET if term.startswith(FACET_SIGN) else Part.WORD
    return SearchPosting(term=term, part=part, data=data)


def save_postings(rows: list[SearchPosting]) -> None:
    """Write rows over those of the same terms."""
    SearchPosting.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["term"], update_fields=["part", "data"]
    )
