"""Compares the rules carried with the code with the texts they quote: `scripts/check_quotes.py FOLDER`.

The folder holds the districts' plans as plain text, one file each (`*.txt`); they are no part of the project. Blanks
and line breaks are left out, `……` stands between two pieces of one text, in their order. Prints a line for each rule
whose quote, or whose figure or year in it, is not there; exit 1 if there is one.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "directory/districts/data/districts.json"
GAP = "……"
TEN_THOUSAND = 10_000
#: Figures that the plans write as words.
WORDS = {"一千": 1000.0, "一处": 1.0, "零突破": 1.0}
#: 「4.5」, 「3—5万」: the unit after a range belongs to both of its ends.
FIGURE = re.compile(r"(\d+(?:\.\d+)?)(?:[—\-~～至](\d+(?:\.\d+)?))?(万)?")


def bare(text: str) -> str:
    """The text without blanks, line breaks and byte order marks."""
    return re.sub(r"[\s\u3000\ufeff]", "", text)


def own_text(title: str, texts: Sequence[str]) -> str:
    """Of the districts' texts the one that names the plan, or the district, most often; "" where none does."""
    found = max(texts, key=lambda text: text.count(title), default="")
    return found if title in found else ""


def has_quote(quote: str, text: str) -> bool:
    """Whether all pieces of a quote stand in the text, one after the other."""
    place = 0
    for piece in bare(quote).split(GAP):
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def figures(text: str) -> set[float]:
    """The figures that a text names."""
    found = {value for word, value in WORDS.items() if word in text}
    for first, last, unit in FIGURE.findall(text):
        found |= {float(end) * (TEN_THOUSAND if unit else 1) for end in (first, last) if end}
    return found


def figures_meant(rule: Mapping[str, Any]) -> set[float]:
    """The figures of a rule's value, with the year of a target; true and false are none."""
    value = rule.get("value")
    named = value.values() if isinstance(value, dict) else [value]
    numbers = [one for one in [*named, rule.get("due_year")] if isinstance(one, (int, float))]
    return {float(one) for one in numbers if not isinstance(one, bool)}


def problems(district: Mapping[str, Any], text: str) -> Iterator[str]:
    """One line for each rule of a district that its text does not bear out."""
    for number, rule in enumerate(district["rules"], start=1):
        name = f"{district['slug']} {number} {rule['kind']}"
        quote = rule.get("quote", "")
        if quote and not has_quote(quote, text):
            yield f"{name}: not in the text: {quote}"
        elif quote and (lacking := figures_meant(rule) - figures(bare(quote))):
            words = ", ".join(f"{figure:g}" for figure in sorted(lacking))
            yield f"{name}: {words} not in the quote: {quote}"


def check(folder: Path, data: Path = DATA) -> list[str]:
    """Every problem of every district, in order."""
    texts = [bare(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    found = []
    for district in json.loads(data.read_text(encoding="utf-8")):
        text = own_text(district["name"], texts)
        found += list(problems(district, text)) if text else [f"{district['slug']}: no text names {district['name']}"]
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():  # the script and a folder
        sys.exit("Usage: scripts/check_quotes.py FOLDER (with the districts' texts as *.txt)")
    lines = check(Path(sys.argv[1]))
    sys.stdout.write("\n".join(lines or ["Every quote and figure is in its text."]) + "\n")
    sys.exit(bool(lines))
