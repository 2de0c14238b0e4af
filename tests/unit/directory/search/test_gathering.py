"""When a set that is being gathered becomes a bitmap: its memory is the point, the answer is the same."""

from __future__ import annotations

import pytest

from directory.search import bitmaps
from directory.search.bitmaps import Gathering


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitmaps, "_SETTLED_EVERY", 4)
    monkeypatch.setattr(bitmaps, "_LONG", 2)


def as_bitmaps(slots: dict[int, tuple[str, ...]]) -> tuple[set[str], set[str]]:
    """Terms that are bitmaps, and terms that are lists."""
    gathering = Gathering()
    for slot, terms in slots.items():
        gathering.add(slot, terms)
    return set(gathering._maps), set(gathering._lists)


def test_long_sets_become_bitmaps_every_so_many_records() -> None:
    three = {0: ("a", "b"), 1: ("a", "b"), 2: ("a",)}

    assert as_bitmaps(three) == (set(), {"a", "b"})
    assert as_bitmaps(three | {3: ("c",)}) == ({"a"}, {"b", "c"})


def test_a_set_that_is_a_bitmap_stays_one() -> None:
    slots = {0: ("a",), 1: ("a",), 2: ("a",), 3: ("a",), 4: ("a",), 5: ("b",), 6: ("b",)}

    assert as_bitmaps(slots) == ({"a"}, {"a", "b"})
    assert as_bitmaps(slots | {7: ("c",)}) == ({"a"}, {"b", "c"})
