"""A file once read: sheets of numbered rows of plain values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.lists.importing.dates import EXCEL_EPOCH
from directory.lists.importing.text import Value, clean_text

#: Bounds, so that no file takes the memory or the time of the site.
MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_TEXTS = 30 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_SHEETS = 100
#: After so many empty rows on end the rest of a sheet is not read.
EMPTY_ROWS_AT_MOST = 20_000
LONGEST_CELL = 4_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it.

    ``number`` is what the spreadsheet shows; ``filled`` are the columns whose value comes from a merged cell that
    begins in a row above. Values that come from a row or column the sheet hides are seen by nobody (``Sheet.seen``).
    """

    number: int
    cells: tuple[Value, ...]
    filled: frozenset[int] = frozenset()
    is_hidden: bool = False

    def value(self, column: int) -> Value:
        return self.cells[column] if column < len(self.cells) else None

    def text(self, column: int) -> str:
        return clean_text(self.value(column))

    def texts(self) -> list[tuple[int, str]]:
        """(column, text) of the cells that hold something."""
        found = ((column, clean_text(value)) for column, value in enumerate(self.cells))
        return [(column, text) for column, text in found if text]


@dataclass(slots=True)
class Sheet:
    """One sheet; a csv file is one sheet without a name."""

    name: str
    rows: list[SheetRow] = field(default_factory=list)
    is_hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set)
    #: The row after which reading stopped because nothing but empty rows came; None if the sheet was read to its end.
    stopped_after: int | None = None

    def seen(self) -> Sheet:
        """What a person who looks at the sheet sees: without hidden rows, and nothing in hidden columns."""
        if not self.hidden_columns and not any(row.is_hidden for row in self.rows):
            return self
        shown = (_without(row, self.hidden_columns) for row in self.rows if not row.is_hidden)
        return dataclasses.replace(self, rows=[row for row in shown if row.cells])


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a file."""

    sheets: Sequence[Sheet]
    epoch: dt.date = EXCEL_EPOCH


def _without(row: SheetRow, columns: set[int]) -> SheetRow:
    if not columns:
        return row
    cells = trimmed([None if column in columns else value for column, value in enumerate(row.cells)])
    return dataclasses.replace(row, cells=cells, filled=row.filled - columns)


def trimmed(values: Sequence[Value]) -> tuple[Value, ...]:
    """Without empty cells at the end; a cell far too long is cut, so that no row can be a book."""
    end = len(values)
    while end and (values[end - 1] is None or (isinstance(values[end - 1], str) and not str(values[end - 1]).strip())):
        end -= 1
    return tuple(value[:LONGEST_CELL] if isinstance(value, str) else value for value in values[:end])
