"""Workbooks we hand out: how every cell is written, and the register in the importer's own columns.

Every text is written as text: what begins with = + - @ stays words and no spreadsheet computes it, and codes and phone
numbers keep their digits.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from directory.districts.class_kinds import CareMode
from directory.lists.importing.column_names import MODE_COLUMNS, label_of
from directory.lists.importing.text import Value
from directory.lists.importing.workbook_parts import escaped

#: The columns of the register, in order, with their widths.
REGISTER_COLUMNS: tuple[tuple[str, int], ...] = (
    ("name", 36),
    ("address", 44),
    ("credit_code", 22),
    ("nature", 12),
    ("district", 10),
    ("township", 16),
    ("head_name", 12),
    ("phone", 20),
    ("filing_number", 24),
    ("filed_date", 14),
    ("office", 24),
    ("places", 10),
    ("inclusive_places", 12),
    ("filed_modes", 24),
    ("longitude", 14),
    ("latitude", 14),
)
NATURE_WORDS = {"for_profit": "营利性", "non_profit": "非营利性", "public": "公办"}
MODE_WORDS = {mode.value: str(label_of(mode.value)) for mode in CareMode}
_DANGEROUS = re.compile(r"\s*[=+\-@＝＋－＠\t\r]")
_NOT_IN_TITLES = re.compile(r"[\\*?:/\[\]\x00-\x1f]")
_BOLD = Font(bold=True)
_MARK = PatternFill("solid", fgColor="FDE9E7")
_WRAP = Alignment(wrap_text=True, vertical="top")
_PROBLEM_WIDTH = 60


def register_workbook(rows: Iterable[Mapping[str, Any]], *, title: str) -> bytes:
    """The register: each row a mapping of the importer's columns to values in the model's terms."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_title(title, set()))
    for number, (_name, width) in enumerate(REGISTER_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"
    sheet.append([text_cell(sheet, label_of(name), bold=True) for name, _width in REGISTER_COLUMNS])
    for row in rows:
        sheet.append([text_cell(sheet, _shown(name, row.get(name))) for name, _width in REGISTER_COLUMNS])
    return saved(book)


def _shown(name: str, value: Any) -> Value:
    if name == "nature":
        return NATURE_WORDS.get(value, "")
    if name == "filed_modes":
        return "、".join(MODE_WORDS[mode] for mode in MODE_COLUMNS if mode in (value or ()))
    return value


def text_cell(sheet: Any, value: Value, *, bold: bool = False, marked: bool = False) -> Any:
    """A cell that holds the value and never a formula."""
    if isinstance(value, str):
        value = escaped(ILLEGAL_CHARACTERS_RE.sub("", value)) or None
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.number_format = "@"
        cell.quotePrefix = bool(_DANGEROUS.match(value))
        if "\n" in value:
            cell.alignment = _WRAP
    elif isinstance(value, (dt.date, dt.datetime)):
        cell.number_format = "yyyy-mm-dd"
    if bold:
        cell.font = _BOLD
    if marked:
        cell.fill = _MARK
    return cell


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
