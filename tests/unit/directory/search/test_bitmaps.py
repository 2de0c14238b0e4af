"""Sets of slots as integers, against plain Python sets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from directory.search.bitmaps import at_least, from_slots, pack, rank_groups, slots_of, unpack

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
