"""Workbooks we hand out: the checked file with its column 「问题」, and the register in the importer's own columns.

Every text is written as text: what begins with = + - @ stays words and no spreadsheet computes it, and codes and phone
numbers keep their digits.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from directory.districts.class_kinds import CareMode
from directory.lists.importing.checking import CheckedList
from directory.lists.importing.column_names import MODE_COLUMNS, PROBLEM_LABEL, label_of
from directory.lists.importing.columns import squeeze
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.rows import NOT_SHARED
from directory.lists.importing.sheets import Book, Sheet, SheetRow
from directory.lists.importing.tables import Header
from directory.lists.importing.text import Value

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
    sheet = book.create_sheet(_title(title, set()))
    for number, (_name, width) in enumerate(REGISTER_COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, label_of(name), bold=True) for name, _width in REGISTER_COLUMNS])
    for row in rows:
        sheet.append([_cell(sheet, _shown(name, row.get(name))) for name, _width in REGISTER_COLUMNS])
    return _saved(book)


def checked_workbook(book: Book, checked: CheckedList) -> bytes:
    """The file as it was read, each row in its place, with its problems in a last column 「问题」."""
    by_row: dict[tuple[str, int], list[ListProblem]] = {}
    for problem in checked.all_problems():
        by_row.setdefault((problem.sheet, problem.row or 0), []).append(problem)
    made = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in book.sheets:
        if not sheet.is_hidden:
            _write_checked(made, sheet, checked.headers.get(sheet.name), by_row, taken)
    return _saved(made)


def problem_words(problems: Sequence[ListProblem]) -> str:
    """All problems of a row in one cell."""
    lines = []
    for problem in problems:
        mark = _("提醒：") if problem.is_warning else ""
        column = f"【{problem.column}】" if problem.column else ""
        lines.append(f"{mark}{column}{problem.message}")
    return "\n".join(lines)


def _write_checked(
    made: Workbook,
    sheet: Sheet,
    header: Header | None,
    by_row: Mapping[tuple[str, int], list[ListProblem]],
    taken: set[str],
) -> None:
    target = made.create_sheet(_title(sheet.name, taken))
    column = _problem_column(header)
    if column is not None:
        target.column_dimensions[get_column_letter(column + 1)].width = _PROBLEM_WIDTH
    line = 0
    for row in sheet.rows:
        for _empty in range(row.number - line - 1):
            target.append([])
        line = row.number
        target.append(_checked_cells(target, row, header, column, by_row.get((sheet.name, row.number), [])))


def _problem_column(header: Header | None) -> int | None:
    """Where the problems go: the column of an earlier check, else the one after the last."""
    if header is None:
        return None
    earlier = [position for position, label in header.labels.items() if squeeze(label) == PROBLEM_LABEL]
    return earlier[0] if earlier else header.width


def _checked_cells(
    target: Any, row: SheetRow, header: Header | None, column: int | None, problems: Sequence[ListProblem]
) -> list[Any]:
    marked = _marked_columns(header, problems)
    lone = {header.columns.get(name) for name in NOT_SHARED} if header else set()
    cells = [
        _cell(target, None if position in row.filled & lone else value, marked=position in marked)
        for position, value in enumerate(row.cells)
    ]
    if column is None or header is None:
        return cells
    cells += [None] * (column + 1 - len(cells))
    if row.number == header.last_row:
        sheet_wide = problem_words(problems)
        cells[column] = _cell(target, f"{PROBLEM_LABEL}\n{sheet_wide}" if sheet_wide else PROBLEM_LABEL, bold=True)
    elif row.number > header.last_row:
        cells[column] = _cell(target, problem_words(problems) or None, marked=bool(problems))
    return cells


def _marked_columns(header: Header | None, problems: Sequence[ListProblem]) -> set[int]:
    named = {problem.column for problem in problems if not problem.is_warning}
    return {position for position, label in header.labels.items() if label in named} if header else set()


def _shown(name: str, value: Any) -> Value:
    if name == "nature":
        return NATURE_WORDS.get(value, "")
    if name == "filed_modes":
        return "、".join(MODE_WORDS[mode] for mode in MODE_COLUMNS if mode in (value or ()))
    return value


def _cell(sheet: Any, value: Value, *, bold: bool = False, marked: bool = False) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value) or None
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


def _title(name: str, taken: set[str]) -> str:
    """A sheet name that Excel allows and the book does not have yet."""
    base = _NOT_IN_TITLES.sub("_", name).strip("'")[:28] or "名单"
    title, number = base, 1
    while title.casefold() in taken:
        number += 1
        title = f"{base}{number}"
    taken.add(title.casefold())
    return title


def _saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
