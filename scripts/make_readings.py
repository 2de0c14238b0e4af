"""Write ``directory/search/data/readings.txt``: how the 6,763 characters of GB 2312 are usually read.

Run it after an update of pypinyin. A reading is usual if one word in sixty of its phrase list has it, at least two; of
surnames and place names the list knows too few, so those stand here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from pypinyin import Style, pinyin
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict

TARGET = Path(__file__).resolve().parent.parent / "directory/search/data/readings.txt"
MOST, SHARE, LEAST = 3, 60, 2
NAMES = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "盖": "ge", "覃": "qin", "翟": "zhai",
    "种": "chong", "员": "yun", "会": "kuai", "冼": "xian", "缪": "miao", "尉": "yu", "朴": "piao", "折": "she",
    "鄠": "hu", "涧": "jian", "瀍": "chan", "浉": "shi", "埔": "bu", "蚌": "beng", "泌": "bi", "亳": "bo", "丽": "li",
}  # fmt: skip


def readings() -> dict[str, list[str]]:
    """Character → its usual readings, the commonest first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, sounds in phrases_dict.items():
        for character, sound in zip(phrase, sounds, strict=False):
            counts[character][_plain(sound[0])] += 1
    return {character: _usual(character, counts[character]) for character in [*_characters(), *NAMES]}


def _usual(character: str, counts: Counter[str]) -> list[str]:
    known = list(dict.fromkeys(map(_plain, pinyin(character, style=Style.NORMAL, heteronym=True)[0])))
    total = sum(counts.values())
    usual = [sound for sound in known if counts[sound] >= LEAST and counts[sound] * SHARE >= total] or known[:1]
    named = [NAMES[character]] if character in NAMES else []
    by_use = sorted(usual, key=lambda sound: -counts[sound])
    return list(dict.fromkeys([*by_use[: MOST - len(named)], *named]))


def _plain(sound: str) -> str:
    return str(to_normal(sound)).replace("ü", "v")


def _characters() -> list[str]:
    rows = range(0xB0, 0xF8)
    codes = [bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF) if row != 0xD7 or cell < 0xFA]
    return [code.decode("gb2312") for code in codes]


def main() -> None:
    """One line a sound: the characters of which it is the first reading, then those of which it is another."""
    first: defaultdict[str, str] = defaultdict(str)
    other: defaultdict[str, str] = defaultdict(str)
    for character, sounds in readings().items():
        first[sounds[0]] += character
        for sound in sounds[1:]:
            other[sound] += character
    lines = (f"{sound} {first[sound] or '-'} {other[sound]}".rstrip() for sound in sorted({*first, *other}))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
