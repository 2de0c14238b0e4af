"""The checked file: the list as it was read, with its problems in a last column and beside it what was put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from cms.core.web.workbooks import saved, sheet_title, text_cell
from directory.lists.importing.checking import CheckedList
from directory.lists.importing.column_names import CLEANED_LABEL, PROBLEM_LABEL
from directory.lists.importing.columns import own_label
from directory.lists.importing.entries import Cleaned
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.rows import NOT_SHARED
from directory.lists.importing.sheets import Book, Sheet, SheetRow
from directory.lists.importing.tables import Header

_WIDTH = 60


@dataclass(slots=True)
class _Notes:
    """What is said of a row."""

    problems: list[ListProblem] = field(default_factory=list)
    cleaned: list[Cleaned] = field(default_factory=list)
    left_out: str = ""

    @property
    def words(self) -> str:
        return f"{problem_words(self.problems)}\n{self.left_out}".strip()


def checked_workbook(book: Book, checked: CheckedList) -> bytes:
    """Each row in its place. What the file hides stays hidden: shown, it would be imported the next time."""
    notes = _notes(checked)
    made = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in book.sheets:
        if not sheet.is_hidden:
            target = made.create_sheet(sheet_title(sheet.name, taken))
            _Writer(target, sheet, checked.headers.get(sheet.name), notes[sheet.name]).write()
    return saved(made)


def problem_words(problems: Sequence[ListProblem]) -> str:
    """Each problem in a line of one cell."""
    lines = []
    for problem in problems:
        mark = _("提醒：") if problem.is_warning else ""
        column = f"【{problem.column}】" if problem.column else ""
        lines.append(f"{mark}{column}{problem.message}")
    return "\n".join(lines)


def cleaned_words(cleaned: Sequence[Cleaned]) -> str:
    """What is written instead of what the row says."""
    return "\n".join(f"【{each.column}】{each.written}" for each in cleaned)


def _notes(checked: CheckedList) -> dict[str, dict[int, _Notes]]:
    """Sheet → row → what is said of it."""
    notes: dict[str, dict[int, _Notes]] = defaultdict(lambda: defaultdict(_Notes))
    for problem in checked.all_problems():
        notes[problem.sheet][problem.row or 0].problems.append(problem)
    for entry in checked.entries:
        notes[entry.sheet][entry.row].cleaned = entry.cleaned
    for row in checked.left_out:
        notes[row.sheet][row.row].left_out = _("没有导入：%(why)s") % {"why": row.why.label}
    return notes


class _Writer:
    """Writes one sheet; without a header it is copied as it is."""

    def __init__(self, target: Any, sheet: Sheet, header: Header | None, notes: dict[int, _Notes]) -> None:
        self.target, self.sheet, self.header, self.notes = target, sheet, header, notes
        self.problems, self.cleaned = self._columns()
        self.lone = {header.columns.get(name) for name in NOT_SHARED} if header else set()

    def _columns(self) -> tuple[int | None, int | None]:
        """Where problems and what was put right go: the columns of an earlier check, else behind the last one used."""
        if self.header is None:
            return None, None
        earlier = {own_label(text): at for at, text in self.header.labels.items()}
        held = [at + 1 for at in self.sheet.hidden_columns if any(row.value(at) is not None for row in self.sheet.rows)]
        free = max([self.header.width, *held])
        problems = earlier.get(PROBLEM_LABEL, free)
        cleaned = earlier.get(CLEANED_LABEL)
        if cleaned is None and any(said.cleaned for said in self.notes.values()):
            cleaned = max(free, problems + 1)
        return problems, cleaned

    def write(self) -> None:
        added = {column for column in (self.problems, self.cleaned) if column is not None}
        for column in added:
            self.target.column_dimensions[get_column_letter(column + 1)].width = _WIDTH
        for column in self.sheet.hidden_columns - added:
            self.target.column_dimensions[get_column_letter(column + 1)].hidden = True
        line = 0
        for row in self.sheet.rows:
            for _empty in range(row.number - line - 1):
                self.target.append([])
            line = row.number
            if row.is_hidden:
                self.target.row_dimensions[line].hidden = True
            self.target.append(self._cells(row))

    def _cells(self, row: SheetRow) -> list[Any]:
        said = self.notes.get(row.number, _Notes())
        marked = self._marked(said.problems)
        cells = [
            text_cell(self.target, None if at in row.filled & self.lone else value, marked=at in marked)
            for at, value in enumerate(row.cells)
        ]
        if self.header is None or row.number < self.header.last_row:
            return cells
        is_header = row.number == self.header.last_row
        words = f"{PROBLEM_LABEL}\n{said.words}".strip() if is_header else said.words
        self._put(cells, self.problems, words, bold=is_header, marked=bool(said.problems) and not is_header)
        self._put(cells, self.cleaned, CLEANED_LABEL if is_header else cleaned_words(said.cleaned), bold=is_header)
        return cells

    def _put(self, cells: list[Any], column: int | None, text: str, **look: bool) -> None:
        if column is not None:
            cells += [None] * (column + 1 - len(cells))
            cells[column] = text_cell(self.target, text, **look)

    def _marked(self, problems: Sequence[ListProblem]) -> set[int]:
        named = {problem.column for problem in problems if not problem.is_warning}
        return {at for at, label in self.header.labels.items() if label in named} if self.header else set()
