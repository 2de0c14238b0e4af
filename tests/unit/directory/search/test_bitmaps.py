"""Sets of slots as integers, against plain Python sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search import bitmaps
from directory.search.bitmaps import (
    Gathering,
    at_least,
    changed,
    free_slots,
    from_slots,
    pack,
    pack_slots,
    rank_groups,
    slots_of,
    unpack,
)

slots = st.sets(st.integers(0, 3000), max_size=60)


@given(slots)
def test_packing_keeps_the_set(members: set[int]) -> None:
    bits = from_slots(sorted(members))

    assert slots_of(bits) == sorted(members)
    assert unpack(pack(bits)) == bits


def test_dense_sets_are_short() -> None:
    everything = (1 << 10_000) - 1

    assert len(pack(everything)) == 1251
    assert unpack(pack(everything)) == everything


@given(st.lists(slots, min_size=1, max_size=6), st.integers(1, 6))
def test_at_least(sets: list[set[int]], needed: int) -> None:
    found = at_least([from_slots(sorted(each)) for each in sets], needed)

    everyone = set().union(*sets)
    assert set(slots_of(found)) == {slot for slot in everyone if sum(slot in each for each in sets) >= needed}


@given(slots, st.lists(st.tuples(slots, st.integers(1, 9)), max_size=6))
def test_rank_groups_order_by_weight(members: set[int], weighted: list[tuple[set[int], int]]) -> None:
    groups = rank_groups(from_slots(sorted(members)), [(from_slots(sorted(each)), n) for each, n in weighted])

    def weight(slot: int) -> int:
        return sum(n for each, n in weighted if slot in each)

    found = [sorted({weight(slot) for slot in slots_of(group)}) for group in groups if group]
    assert all(len(weights) == 1 for weights in found)
    assert [weights[0] for weights in found] == sorted({weight(slot) for slot in members}, reverse=True)
    assert {slot for group in groups for slot in slots_of(group)} == members


SETS = [set(), {0}, {7}, {0, 31, 32}, set(range(40)), {5, 9000}, set(range(0, 9000, 3))]


@pytest.mark.parametrize("before", SETS)
@pytest.mark.parametrize("put", SETS)
@pytest.mark.parametrize("take", SETS)
def test_a_changed_set_is_packed_as_a_new_one(before: set[int], put: set[int], take: set[int]) -> None:
    after = (before - take) | put

    found = changed(pack(from_slots(sorted(before))), put=put, take=take)

    assert found == (pack(from_slots(sorted(after))) if after else b"")


@pytest.mark.parametrize("slots", SETS)
def test_slots_are_packed_as_their_bitmap(slots: set[int]) -> None:
    assert pack_slots(sorted(slots)) == pack(from_slots(sorted(slots)))


@pytest.mark.parametrize(
    ("used", "wanted", "free"),
    [(set(), 2, [0, 1]), ({0}, 1, [1]), ({0, 1, 2}, 2, [3, 4]), ({1, 3}, 3, [0, 2, 4]), ({0, 2}, 0, [])],
)
def test_free_slots_are_the_lowest(used: set[int], wanted: int, free: list[int]) -> None:
    assert free_slots(from_slots(sorted(used)), wanted) == free


@pytest.mark.parametrize(("every", "long"), [(1, 0), (3, 2), (1000, 250)])
def test_gathered_sets_are_packed_as_whole_ones(every: int, long: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitmaps, "_SETTLED_EVERY", every)
    monkeypatch.setattr(bitmaps, "_LONG", long)
    terms = {slot: [name for name, step in (("all", 1), ("third", 3), ("rare", 997)) if slot % step == 0]
             for slot in range(2500)}  # fmt: skip
    gathering = Gathering()

    for slot, names in terms.items():
        gathering.add(slot, names)

    assert dict(gathering.taken()) == {
        name: pack(from_slots([slot for slot in terms if name in terms[slot]])) for name in ("all", "third", "rare")
    }
    assert list(gathering.taken()) == []
