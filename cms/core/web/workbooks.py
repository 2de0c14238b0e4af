"""Workbooks that are handed out: how every cell is written.

Every text is written as text: what begins with = + - @ stays words and no spreadsheet computes it, and codes and phone
numbers keep their digits. This module loads openpyxl: import it where a workbook is made, not where a worker starts.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from cms.core.web.tables import DANGEROUS, Rows, Value, plain

_NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]\x00-\x1f]")
_BOLD = Font(bold=True)
_MARK = PatternFill("solid", fgColor="FDE9E7")
_WRAP = Alignment(wrap_text=True, vertical="top")
#: In characters; nobody knows what the columns hold.
WIDTH = 18


def table_workbook(headings: Sequence[str], rows: Rows, *, title: str) -> bytes:
    """One sheet with a bold first row that stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title, set()))
    for number, _heading in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    sheet.freeze_panes = "B2"
    sheet.append([text_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([text_cell(sheet, plain(value)) for value in row])
    return saved(book)


def text_cell(sheet: Any, value: Value, *, bold: bool = False, marked: bool = False) -> Any:
    """A cell that holds the value and never a formula."""
    if isinstance(value, str):
        value = escaped(ILLEGAL_CHARACTERS_RE.sub("", value)) or None
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.number_format = "@"
        cell.quotePrefix = bool(DANGEROUS.match(value))
        if "\n" in value:
            cell.alignment = _WRAP
    elif isinstance(value, (dt.date, dt.datetime)):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = _BOLD
    if marked:
        cell.fill = _MARK
    return cell


def escaped(text: str) -> str:
    """The text as a workbook stores it: what looks like one of its escapes stays text."""
    return re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def sheet_title(name: str, taken: set[str]) -> str:
    """A sheet name that Excel allows and the book does not have yet."""
    base = _NOT_IN_TITLES.sub("_", name).strip("'")[:28] or "名单"
    title, number = base, 1
    while title.casefold() in taken:
        number += 1
        title = f"{base}{number}"
    taken.add(title.casefold())
    return title


def saved(book: Workbook) -> bytes:
    """The file."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
