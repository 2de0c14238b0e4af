"""Sets of slots as Python integers: one bit per slot, so that a question takes a handful of integer operations."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, count

_SPARSE, _DENSE = b"s", b"d"
_BITS = bytes.maketrans(b"01", b"\x00\x01")
# A slot costs 4 bytes in a list and an eighth of a byte in a bitmap.
_SPARSE_BELOW = 32
_SETTLED_EVERY, _LONG = 1000, 250


def pack(bits: int) -> bytes:
    """The shorter of a list of slots and a bitmap."""
    if bits.bit_count() * _SPARSE_BELOW < bits.bit_length():
        return _SPARSE + array("I", slots_of(bits)).tobytes()
    return _DENSE + bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def pack_slots(slots: Sequence[int]) -> bytes:
    """What :func:`pack` makes of the set of these slots, given ascending and each once."""
    if len(slots) * _SPARSE_BELOW < (slots[-1] + 1 if len(slots) else 0):
        return _SPARSE + array("I", slots).tobytes()
    return pack(from_slots(slots))


def changed(data: bytes | memoryview, *, put: Iterable[int], take: Iterable[int]) -> bytes:
    """The packed set without the slots ``take`` and with the slots ``put``; ``b""`` is the empty set.

    A list of slots is changed as a list: turning it into a bitmap and back would cost a hundred times as much.
    """
    raw = bytes(data)
    if raw[:1] == _SPARSE:
        slots = sorted({*array("I", raw[1:])}.difference(take).union(put))
        return pack_slots(slots) if slots else b""
    bits = (unpack(raw) & ~from_slots([*take])) | from_slots([*put])
    return pack(bits) if bits else b""


class Gathering:
    """The sets of many terms while they are made, slot by slot in ascending order.

    A set that has grown long is turned into a bitmap, so that a term of every record costs one bit per slot.
    """

    def __init__(self) -> None:
        self._lists: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._maps: dict[str, bytearray] = {}
        self._added = 0

    def add(self, slot: int, terms: Iterable[str]) -> None:
        """Put a slot into the sets of its terms."""
        for term in terms:
            self._lists[term].append(slot)
        self._added += 1
        if self._added % _SETTLED_EVERY == 0:
            self._settle()

    def taken(self) -> Iterator[tuple[str, bytes]]:
        """Every term with its packed set, once: what has been given is no longer held."""
        while self._lists:
            term, slots = self._lists.popitem()
            bits = self._maps.pop(term, None)
            yield term, pack_slots(slots) if bits is None else pack(from_slots(slots) | int.from_bytes(bits, "little"))
        while self._maps:
            term, bits = self._maps.popitem()
            yield term, pack(int.from_bytes(bits, "little"))

    def _settle(self) -> None:
        for term in [term for term, slots in self._lists.items() if len(slots) > _LONG or term in self._maps]:
            slots = self._lists.pop(term)
            bits = self._maps.setdefault(term, bytearray())
            bits.extend(bytes(slots[-1] // 8 + 1 - len(bits)))
            for slot in slots:
                bits[slot >> 3] |= 1 << (slot & 7)


def free_slots(used: int, wanted: int) -> list[int]:
    """The lowest slots that are not in the set."""
    found: list[int] = []
    while len(found) < wanted:
        lowest = ~used & (used + 1)
        found.append(lowest.bit_length() - 1)
        used |= lowest
    return found


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

    The sums are kept as binary numbers across all slots at once: one integer per binary digit.
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
