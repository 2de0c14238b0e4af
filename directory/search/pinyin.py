"""Pinyin of names. Only indexing and import jobs may import this: pypinyin takes some 60 MB of memory."""

from __future__ import annotations

import functools
import re

from pypinyin import lazy_pinyin, load_phrases_dict

from directory.search.readings import readings_of

_HAN_RUN = re.compile("[\u3400-\u9fff]+")
_NOT_LATIN = re.compile("[^a-z]")

#: More readings of one character are not indexed.
MOST_READINGS = 3

# Place names that are read otherwise than the dictionary has them.
load_phrases_dict(
    {
        "鄠邑": [["hù"], ["yì"]],
        "涧西": [["jiàn"], ["xī"]],
        "重庆路": [["chóng"], ["qìng"], ["lù"]],
        "长春路": [["cháng"], ["chūn"], ["lù"]],
        "天津路": [["tiān"], ["jīn"], ["lù"]],
        "朝阳": [["cháo"], ["yáng"]],
        "柏林": [["bǎi"], ["lín"]],
    }
)


@functools.lru_cache(maxsize=4096)
def syllables(folded: str) -> tuple[str, ...]:
    """One sound per character; a Latin letter is its own sound, everything else is silent (empty).

    The place of each sound is the place of its character, so that a hit in pinyin can be shown in the name.
    """
    found = [character if "a" <= character <= "z" else "" for character in folded]
    for run in _HAN_RUN.finditer(folded):
        # What the dictionary does not know comes back as itself, character by character, and so falls silent here.
        sounds = lazy_pinyin(run.group(), errors=lambda characters: list(characters))  # type: ignore[arg-type, return-value]  # stub knows less
        found[run.start() : run.end()] = [_NOT_LATIN.sub("", sound) for sound in sounds]
    return tuple(found)


def readings(folded: str) -> list[tuple[str, ...]]:
    """The readings of each character, the one it has in this name first; what is silent has none."""
    found = []
    for character, sound in zip(folded, syllables(folded), strict=True):
        others = (other for other in readings_of(character) if other != sound)
        found.append((sound, *others)[:MOST_READINGS] if sound else ())
    return found


def sort_key(folded: str) -> str:
    """Order by sound, then by character: plain ASCII first, so every engine sorts it alike."""
    sounds = " ".join(sound or character for sound, character in zip(syllables(folded), folded, strict=True))
    return f"{sounds}\t{folded}"
