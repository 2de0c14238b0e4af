"""Columns of values by slot, in the rows of the index."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import connection
from django.db.models.functions import Collate

from cms.core.security.codes import new_public_id
from directory.search import columns
from directory.search.index_rows import Part, save_postings
from directory.search.models import SearchEntry, SearchPosting
from directory.search.snapshot import VERSION

#: With more names to place, reading all of them costs less than looking for each place.
RANKED_ONE_BY_ONE = 20


def change_columns(
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
        put_values(values, entry)
    left = [slot for slot in order if values["=pk"][slot]]
    columns.trim(values)
    if len(moved) > RANKED_ONE_BY_ONE:
        columns.rank_all(values, slots_by_name())
    elif moved or gone:
        columns.rank_some(values, moved, before=left, key_of=functools.cache(_key_of))
    after = dict(columns.cut(values))
    save_columns((term, data) for term, data in after.items() if pieces.get(term) != data)
    SearchPosting.objects.filter(term__in=pieces.keys() - after.keys()).delete()


def _moves(before: SearchEntry | None, after: SearchEntry) -> bool:
    """Whether the place of the record in the order of names may change."""
    return before is None or before.name_key != after.name_key


def put_values(values: columns.Columns, entry: SearchEntry) -> None:
    """Set the record's values at its slot."""
    columns.put(
        values,
        entry.slot,
        pk=entry.pk,
        latitude=entry.latitude,
        longitude=entry.longitude,
        prices={**entry.document["prices"], "": entry.price_from},
    )


def slots_by_name() -> Iterator[int]:
    """All slots in the order of names; letters by their number on both databases, as Python compares them."""
    key = Collate("name_key", "C" if connection.vendor == "postgresql" else "BINARY")
    yield from SearchEntry.objects.order_by(key, "pk").values_list("slot", flat=True).iterator()


def _key_of(slot: int) -> columns.Key:
    return SearchEntry.objects.values_list("name_key", "pk").get(slot=slot)


def save_columns(pieces: Iterable[tuple[str, bytes]]) -> None:
    """Save these pieces; with a new version readers read the snapshot again."""
    saved = [SearchPosting(term=term, part=Part.COLUMN, data=data) for term, data in pieces]
    saved.append(SearchPosting(term=VERSION, part=Part.COLUMN, data=new_public_id().encode()))
    save_postings(saved)
