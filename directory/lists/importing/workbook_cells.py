"""The rows and cells of one worksheet as values; formulas of every kind become text that begins with ``=``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, WINDOWS_EPOCH, from_excel, from_ISO8601

from directory.lists.importing.sheets import MOST_COLUMNS
from directory.lists.importing.text import Value
from directory.lists.importing.workbook_parts import (
    WorkbookParts,
    elements,
    is_true,
    local,
    text_of,
    unescaped,
)

_COLUMN = re.compile(r"[A-Z]{1,3}")

_PARTS_OF_CELLS = frozenset({"c", "f", "v", "is", "r", "t"})


class ReadRow(NamedTuple):
    """A row as the sheet holds it; hidden rows are those that a person or a filter took from view."""

    number: int
    values: list[Value]
    is_hidden: bool


def read_rows(source: Any, parts: WorkbookParts, hidden_columns: set[int]) -> Iterator[ReadRow]:
    """The rows in the order of their numbers; the columns that the sheet hides are added to ``hidden_columns``."""
    last = 0
    for element in elements(source):
        name = local(element)
        if name == "col" and _is_hidden(element, "width"):
            first, until = int(element.get("min", "1")), int(element.get("max", "1"))
            hidden_columns |= set(range(first - 1, min(until, MOST_COLUMNS)))
        elif name == "row":
            number = int(float(element.get("r", last + 1)))
            if number > last:
                yield ReadRow(number, _values(element, parts), _is_hidden(element, "ht"))
                last = number
            element.clear()
        elif name not in _PARTS_OF_CELLS:
            element.clear()  # rules, links and the like: a list has no use for them


def _is_hidden(element: Element, size: str) -> bool:
    """Hidden, or without any height or width, which looks the same."""
    return is_true(element, "hidden") or element.get(size) in {"0", "0.0"}


def _values(row: Element, parts: WorkbookParts) -> list[Value]:
    values: list[Value] = []
    for cell in row:
        if local(cell) != "c":
            continue
        letters = _COLUMN.match(cell.get("r", ""))
        column = column_index_from_string(letters[0]) - 1 if letters else len(values)
        if column >= MOST_COLUMNS:
            break
        values += [None] * (column + 1 - len(values))
        values[column] = _value(cell, parts)
    return values


def _value(cell: Element, parts: WorkbookParts) -> Value:
    children = {local(child): child for child in cell}
    if "f" in children:
        return f"={children['f'].text or ''}"
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return text_of(children["is"]) if "is" in children else None
    text = children["v"].text if "v" in children else None
    if not text:
        return None
    if kind == "s":
        return parts.texts[int(text)]
    if kind == "b":
        return text.strip().lower() in {"1", "true"}
    if kind == "n":
        return _number(text, int(cell.get("s", "0")), parts)
    return _moment(text) if kind == "d" else unescaped(text)


def _number(text: str, style: int, parts: WorkbookParts) -> Value:
    number = float(text) if re.search("[.eE]", text) else int(text)
    if style not in parts.styles.dates:
        return number
    epoch = CALENDAR_MAC_1904 if parts.counts_from_1904 else WINDOWS_EPOCH
    try:
        found: Value = from_excel(number, epoch, timedelta=style in parts.styles.spans)
    except (OverflowError, ValueError):
        return "#VALUE!"
    return found


def _moment(text: str) -> Value:
    try:
        found: dt.datetime | dt.date | dt.time | dt.timedelta = from_ISO8601(text)
    except ValueError:
        return text
    return found
