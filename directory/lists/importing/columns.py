"""How a header cell of an official list is recognised.

A label is compared without blanks, line breaks, punctuation and 「其中」; first with the text in brackets, then
without it.
"""

from __future__ import annotations

import re

from cms.core.text import compact, matching_key
from directory.lists.importing.column_names import CLEANED_LABEL, COLUMNS, PROBLEM_LABEL, UNUSED

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_OWN = re.compile(rf"({PROBLEM_LABEL}|{CLEANED_LABEL}) *(?:提醒：|【|$)")
_NOT_WORD = re.compile(r"[\W_]+")
_RANKS: dict[str, tuple[str, int]] = {
    synonym: (field, rank) for field, column in COLUMNS.items() for rank, synonym in enumerate(column.synonyms)
}
LONGEST_LABEL = 120


def recognise(label: str) -> tuple[str, int] | None:
    """(column, rank of the name among its synonyms: 0 is the plainest) of a header cell, or None."""
    if not label or len(label) > LONGEST_LABEL:
        return None
    for form in _forms(label):
        found = _RANKS.get(form)
        if found:
            return found
    return None


def squeeze(label: str) -> str:
    """The label as it is compared."""
    text = _NOT_WORD.sub("", matching_key(label))
    return text.replace("其中", "")


def own_label(label: str) -> str:
    """The name of a column that an earlier check of ours has added, with what was said of the sheet; else ""."""
    found = _OWN.match(label)
    return found[1] if found else ""


def is_unused(label: str) -> bool:
    """A column that lists carry and nobody misses."""
    return squeeze(label) in UNUSED or bool(own_label(label))


def _forms(label: str) -> list[str]:
    whole = compact(label)
    forms = [squeeze(whole), squeeze(_BRACKETS.sub("", whole))]
    # 「托位数 个」, 「托位数/个」: the unit without brackets
    forms += [form[:-1] for form in forms if form[-1:] in {"个", "名", "人"}]
    return [form for form in forms if form]
