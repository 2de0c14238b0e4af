"""What every question of the database engine needs: facets, positions, prices and the order of names, by slot.

Some 300 KB at 10,000 institutions, kept in each process under the version of the index it was read at.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from directory.search import columns
from directory.search.bitmaps import unpack
from directory.search.engine import ALL, FACETS, LOCATED
from directory.search.models import SearchPosting

TRIES = 4
VERSION = "=version"


@dataclass(frozen=True)
class Frame:
    """One version of the index without its words."""

    version: bytes
    facets: dict[str, int]
    columns: dict[str, array[Any]]

    @cached_property
    def slot_of(self) -> dict[int, int]:
        """Institution → slot."""
        return {pk: slot for slot, pk in enumerate(self.columns["=pk"]) if pk}

    @cached_property
    def values(self) -> dict[str, list[tuple[str, int]]]:
        """Facet → its values with their sets."""
        return {
            facet: [
                (term.removeprefix(f"={facet}:"), bits)
                for term, bits in self.facets.items()
                if term.startswith(f"={facet}:")
            ]
            for facet in FACETS
        }

    @property
    def everything(self) -> int:
        """All records."""
        return self.facets.get(ALL, 0)

    @property
    def located(self) -> int:
        """Records with a position."""
        return self.facets.get(LOCATED, 0)

    def any_of(self, terms: Iterable[str]) -> int:
        """Records with at least one of the facet terms."""
        found = 0
        for term in terms:
            found |= self.facets.get(term, 0)
        return found

    def slots_for(self, pks: Iterable[int]) -> list[int]:
        """Slots of those institutions that are in the index."""
        return [slot for pk in pks if (slot := self.slot_of.get(pk)) is not None]


_kept = Frame(b"", {}, columns.joined({}))
_lock = threading.Lock()


def read(terms: Collection[str]) -> tuple[Frame, dict[str, int]]:
    """The frame and the sets of the words, of one version of the index; one query unless the version is new."""
    for _ in range(TRIES):
        rows = dict(SearchPosting.objects.filter(term__in=[*terms, VERSION]).values_list("term", "data"))
        version = bytes(rows.pop(VERSION, b""))
        frame = _frame_at(version)
        if frame.version == version:
            break
    return frame, {term: unpack(data) for term, data in rows.items()}


def _frame_at(version: bytes) -> Frame:
    global _kept
    frame = _kept
    if frame.version != version:
        frame = _load()
        with _lock:
            _kept = frame
    return frame


def _load() -> Frame:
    rows = SearchPosting.objects.filter(part__gt=SearchPosting.Part.WORD).values_list("term", "data")
    data = {term: bytes(raw) for term, raw in rows}
    version = data.pop(VERSION, b"")
    pieces = {term: data.pop(term) for term in [*data] if columns.is_piece(term)}
    facets = {term: unpack(raw) for term, raw in data.items()}
    return Frame(version, facets, columns.joined(pieces))
