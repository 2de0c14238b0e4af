"""Sets of slots as Python integers: one bit a slot, so that a question is a handful of machine-speed operations."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import compress, count

_SPARSE, _DENSE = b"s", b"d"
_BITS = bytes.maketrans(b"01", b"\x00\x01")
# A slot costs 4 bytes in a list and an eighth of a byte in a bitmap.
_SPARSE_BELOW = 32


def pack(bits: int) -> bytes:
    """The shorter of a list of slots and a bitmap."""
    if bits.bit_count() * _SPARSE_BELOW < bits.bit_length():
        return _SPARSE + array("I", slots_of(bits)).tobytes()
    return _DENSE + bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def unpack(data: bytes | memoryview) -> int:
    """What :func:`pack` was given."""
    raw = bytes(data)
    if raw[:1] == _SPARSE:
        return from_slots(array("I", raw[1:]))
    return int.from_bytes(raw[1:], "little")


def from_slots(slots: Sequence[int]) -> int:
    """The set of these slots."""
    if not len(slots):
        return 0
    buffer = bytearray(max(slots) // 8 + 1)
    for slot in slots:
        buffer[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(buffer, "little")


def slots_of(bits: int) -> list[int]:
    """The slots in the set, ascending."""
    return list(compress(count(), f"{bits:b}"[::-1].encode().translate(_BITS)))


def at_least(sets: Iterable[int], needed: int) -> int:
    """Slots that are in at least ``needed`` of the sets."""
    levels = [0] * needed
    for bits in sets:
        for level in range(needed - 1, 0, -1):
            levels[level] |= levels[level - 1] & bits
        levels[0] |= bits
    return levels[-1]


def rank_groups(matching: int, weighted: Iterable[tuple[int, int]]) -> list[int]:
    """``matching`` split by the sum of the weights of the sets each slot is in, the greatest sum first.

    The sums are kept as binary numbers across all slots at once: one integer a binary digit.
    """
    digits: list[int] = []
    for bits, weight in weighted:
        _add(digits, bits & matching, weight)
    groups = [matching]
    for digit in reversed(digits):
        groups = [part for group in groups for part in (group & digit, group & ~digit) if part]
    return groups


def _add(digits: list[int], bits: int, weight: int) -> None:
    position = 0
    while weight:
        carry, place = (bits if weight & 1 else 0), position
        while carry:
            digits += [0] * (place + 1 - len(digits))
            digits[place], carry = digits[place] ^ carry, digits[place] & carry
            place += 1
        weight >>= 1
        position += 1
