"""How characters are usually read: a small table, so that a question in characters can be compared by its sound.

``scripts/make_readings.py`` makes it from pypinyin, which itself is too large for web processes.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "readings.txt"
NONE = "-"


def readings_of(character: str) -> tuple[str, ...]:
    """The usual readings, the commonest first; none for a character that the table does not know."""
    return _table().get(character, ())


@functools.cache
def _table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    lines = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines()]
    for sound, first, *_ in lines:
        found |= {character: (sound,) for character in first if first != NONE}
    for sound, _, *others in lines:
        found |= {character: (*found[character], sound) for character in "".join(others)}
    return found
