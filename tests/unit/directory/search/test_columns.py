from __future__ import annotations

import math

import pytest

from directory.search import columns


def filled(names: list[str]) -> columns.Columns:
    made = columns.empty(len(names))
    for slot in range(len(names)):
        columns.put(made, slot, pk=slot + 1, latitude=30.0 + slot, longitude=110.0, prices={"": slot})
    columns.rank_all(made, sorted(range(len(names)), key=lambda slot: (names[slot], slot)))
    return made


def ranks(made: columns.Columns) -> list[int]:
    return list(made["=rank"])


@pytest.mark.parametrize(("size", "pieces"), [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3)])
def test_columns_are_cut_and_joined(size: int, pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PIECE", 3)
    made = filled([f"{n}" for n in range(size)])

    cut = dict(columns.cut(made))

    assert len(cut) == pieces * len(columns.CODES)
    assert columns.joined(cut) == made


def test_pieces_are_joined_by_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PIECE", 1)
    made = filled([f"{n:02d}" for n in range(12)])

    assert list(columns.joined(dict(columns.cut(made)))["=pk"]) == list(range(1, 13))


def test_a_column_of_one_piece_is_read_too() -> None:
    made = filled(["a", "b"])

    assert columns.joined({name: column.tobytes() for name, column in made.items()}) == made


def test_prices_an_older_index_did_not_know_are_none() -> None:
    made = filled(["a", "b"])
    old = {term: data for term, data in columns.cut(made) if not term.startswith("=price:")}

    found = columns.joined(old)

    assert (list(found["=price"]), list(found["=price:hourly"])) == ([0, 1], [columns.NOTHING] * 2)


@pytest.mark.parametrize(("mode", "name"), [("", "=price"), ("hourly", "=price:hourly")])
def test_column_of_a_mode(mode: str, name: str) -> None:
    assert columns.price_column(mode) == name


@pytest.mark.parametrize(
    ("term", "answer"),
    [
        ("=pk", True),
        ("=price:hourly#0", True),
        ("=pk#0", True),
        ("=rank#12", True),
        ("=pkx#0", False),
        ("=mode:full_day", False),
        ("=all:", False),
    ],
)
def test_pieces_are_told_from_facets(term: str, answer: bool) -> None:
    assert columns.is_piece(term) is answer


def test_what_is_not_known_has_a_sign() -> None:
    made = columns.empty(3)
    columns.put(made, 0, pk=1, latitude=None, longitude=None, prices={})
    columns.put(made, 1, pk=2, latitude=34.0, longitude=None, prices={"": 0, "hourly": 700, "full_day": None})
    columns.put(made, 2, pk=3, latitude=34.0, longitude=112.0, prices={"": 900, "full_day": 0, "half_month": 5})

    none = columns.NOTHING
    assert {name: list(made[name]) for name in columns.PRICES} == {
        "=price": [none, 0, 900],
        "=price:full_day": [none, none, 0],
        "=price:half_day": [none, none, none],
        "=price:hourly": [none, 700, none],
        "=price:temporary": [none, none, none],
        "=price:half_month": [none, none, 5],
    }
    assert [math.isnan(value) for value in made["=latitude"]] == [True, True, False]
    assert [math.isnan(value) for value in made["=longitude"]] == [True, True, False]


def test_a_cleared_slot_is_as_new() -> None:
    made = filled(["a"])
    columns.clear(made, 0)

    assert dict(columns.cut(made)) == dict(columns.cut(columns.empty(1)))


@pytest.mark.parametrize(("gone", "size"), [([], 3), ([2], 2), ([1, 2], 1), ([0], 3), ([0, 1, 2], 0)])
def test_empty_slots_at_the_end_are_left_out(gone: list[int], size: int) -> None:
    made = filled(["a", "b", "c"])
    for slot in gone:
        columns.clear(made, slot)

    columns.trim(made)

    assert {len(column) for column in made.values()} == {size}


def test_slots_are_named_in_their_order() -> None:
    made = filled(["c", "a", "b", "d"])
    columns.clear(made, 3)

    assert columns.in_order(made) == [1, 2, 0]


@pytest.mark.parametrize(
    ("slot", "name", "expected"),
    [
        (0, "a", [0, 1, 2, 3]),
        (0, "bb", [1, 0, 2, 3]),
        (0, "z", [3, 0, 1, 2]),
        (3, "aa", [0, 2, 3, 1]),
        (3, "c", [0, 1, 2, 3]),
        (1, "b", [0, 1, 2, 3]),
    ],
)
def test_a_new_name_finds_its_place(slot: int, name: str, expected: list[int]) -> None:
    names = ["a", "b", "c", "d"]
    made = filled(names)
    keys = {number: (each, number + 1) for number, each in enumerate(names)}

    columns.rank_some(made, {slot: (name, slot + 1)}, before=columns.in_order(made), key_of=keys.__getitem__)

    assert ranks(made) == expected


def test_several_new_names_stand_among_each_other() -> None:
    names = ["m", "b", "x", "a"]
    made = filled(names)
    keys = {number: (each, number + 1) for number, each in enumerate(names)}
    moved = {1: ("z", 2), 3: ("y", 4), 4: ("n", 5)}
    columns.resize(made, 5)

    columns.rank_some(made, moved, before=[3, 1, 0, 2], key_of=keys.__getitem__)

    assert ranks(made) == [0, 4, 2, 3, 1]


def test_a_place_is_found_with_few_looks() -> None:
    names = [f"{n:05d}" for n in range(4096)]
    made = filled(names)
    looked: list[int] = []

    def key_of(slot: int) -> columns.Key:
        looked.append(slot)
        return names[slot], slot + 1

    columns.rank_some(made, {7: ("02000x", 8)}, before=columns.in_order(made), key_of=key_of)

    assert len(looked) <= 13
    assert made["=rank"][7] == 2000
