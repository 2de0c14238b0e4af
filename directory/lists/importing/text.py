"""Cells as text: full-width digits and letters, stray blanks and invisible characters put right."""

from __future__ import annotations

import datetime as dt
import re

from cms.core.text import one_line
from directory.lists.importing.problems import BadCell

#: What a spreadsheet cell may hold once read.
Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff（）]) (?=[\u3400-\u9fff（）])")
_CELL_ERROR = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")
#: Words that people put into a cell they have nothing to say in.
_NOTHING = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "－", "–", "_", "无", "暂无", "没有", "空", "n/a", "na", "none", "null"}
)


def as_text(value: Value) -> str:
    """The cell as a person sees it, without any mending; "" for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(sep=" ")
    return str(value)


def shown_text(value: Value) -> str:
    """One line as it is registered, with the blanks that the list gives it."""
    return one_line(as_text(value)).removeprefix("'").lstrip()  # Excel's mark of a number kept as text


def clean_text(value: Value) -> str:
    """One line without blanks between Chinese characters: for words, dates and numbers."""
    return _BETWEEN_HAN.sub("", shown_text(value))


def is_nothing(text: str) -> bool:
    """An empty cell, or a word that means one (/, —, 无)."""
    return text.casefold() in _NOTHING


def refuse_formula(value: Value) -> None:
    """Raise ``BadCell`` for a formula (as the file holds it, or typed as text) and for an Excel error value."""
    if not isinstance(value, str):
        return
    text = shown_text(value)
    if text[:1] in {"=", "＝"}:
        raise BadCell("formula", "这一格是公式，请改成公式算出的值再上传")
    if _CELL_ERROR.match(text):
        raise BadCell("formula", "这一格是 Excel 的出错值，请改成实际内容")
