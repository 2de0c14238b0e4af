"""Values by slot: institutions' keys, positions, prices and the order of names.

A column is stored in pieces of ``PIECE`` slots, so that a change of one institution rewrites a few of them and not the
values of a hundred thousand others. ``=rank`` counts from 0 without gaps; an empty slot has the key 0.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from directory.districts.class_kinds import CareMode

#: The price that is shown where no mode is asked, and that of each mode.
PRICE = "=price"
PRICES = {PRICE: "q"} | {f"{PRICE}:{mode.value}": "i" for mode in CareMode}
CODES = {"=pk": "q", "=latitude": "d", "=longitude": "d", "=rank": "I", **PRICES}
PIECE = 8192
NOTHING = -1
_SIGN = "#"

Columns = dict[str, "array[Any]"]
#: The order of names: the key, then the institution.
Key = tuple[str, int]


def is_piece(term: str) -> bool:
    """Whether a term of the index is a piece of a column; before there were pieces a column had its name alone."""
    return term.partition(_SIGN)[0] in CODES


def joined(pieces: Mapping[str, bytes]) -> Columns:
    """The columns of the pieces, by name."""
    found = {name: array(code) for name, code in CODES.items()}
    for term in sorted(pieces, key=_number):
        found[term.partition(_SIGN)[0]].frombytes(pieces[term])
    resize(found, len(found["=pk"]))  # an index of an earlier release lacks what was added since
    return found


def cut(columns: Columns) -> Iterator[tuple[str, bytes]]:
    """Every piece with its term."""
    for name, column in columns.items():
        for number, start in enumerate(range(0, len(column), PIECE)):
            yield f"{name}{_SIGN}{number}", column[start : start + PIECE].tobytes()


def empty(size: int) -> Columns:
    """Columns of empty slots."""
    return {name: array(code, [_blank(name)]) * size for name, code in CODES.items()}


def resize(columns: Columns, size: int) -> None:
    """Make every column ``size`` slots long."""
    for name, column in columns.items():
        del column[size:]
        column.extend([_blank(name)] * (size - len(column)))


def trim(columns: Columns) -> None:
    """Leave out the empty slots at the end."""
    size = len(columns["=pk"])
    while size and not columns["=pk"][size - 1]:
        size -= 1
    resize(columns, size)


def price_column(mode: str) -> str:
    """The column by whose values is sorted where the mode is asked, "" for any."""
    return f"{PRICE}:{mode}" if mode else PRICE


def put(
    columns: Columns,
    slot: int,
    *,
    pk: int,
    latitude: float | None,
    longitude: float | None,
    prices: Mapping[str, int | None],
) -> None:
    """Set what a slot holds; its rank by :func:`rank_all` or :func:`rank_some`. ``prices`` by mode, "" for any."""
    columns["=pk"][slot] = pk
    for mode in ("", *CareMode.values):
        price = prices.get(mode)
        columns[price_column(mode)][slot] = NOTHING if price is None else price
    located = latitude is not None and longitude is not None
    columns["=latitude"][slot] = latitude if located else math.nan
    columns["=longitude"][slot] = longitude if located else math.nan


def clear(columns: Columns, slot: int) -> None:
    """Make a slot empty."""
    for name, column in columns.items():
        column[slot] = _blank(name)


def rank_all(columns: Columns, order: Iterable[int]) -> None:
    """Number all slots that are not empty; ``order`` gives them by their keys."""
    for rank, slot in enumerate(order):
        columns["=rank"][slot] = rank


def rank_some(
    columns: Columns, keys: Mapping[int, Key], *, before: Sequence[int], key_of: Callable[[int], Key]
) -> None:
    """Give these slots (slot → key) their places among the others.

    ``before`` are the slots in their order so far, without those that have gone; ``key_of`` reads the key of one of
    them, which is asked for a slot some twenty times at a hundred thousand names.
    """
    order = [slot for slot in before if slot not in keys]
    for slot in sorted(keys, key=keys.__getitem__):
        order.insert(bisect_left(order, keys[slot], key=lambda other: keys.get(other) or key_of(other)), slot)
    rank_all(columns, order)


def in_order(columns: Columns) -> list[int]:
    """The slots that are not empty, by rank."""
    ranks, pks = columns["=rank"], columns["=pk"]
    live = [slot for slot, pk in enumerate(pks) if pk]
    order = [0] * len(live)
    for slot in live:
        order[ranks[slot]] = slot
    return order


def _blank(name: str) -> float:
    if name in PRICES:
        return NOTHING
    return math.nan if CODES[name] == "d" else 0


def _number(term: str) -> int:
    return int(term.partition(_SIGN)[2] or 0)
