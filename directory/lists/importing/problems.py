"""What is wrong with a list: where it is in the spreadsheet, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class UnreadableFile(Exception):
    """The file as a whole can't be used; ``message`` is one sentence for the person who chose it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class ListProblem:
    """One fault or doubt. ``row`` is the number the spreadsheet shows, None for the file or a sheet as a whole."""

    sheet: str
    row: int | None
    column: str
    value: str
    code: str
    message: str
    is_warning: bool = False

    def as_json(self) -> dict[str, Any]:
        """The shape in the answer of ``import_institutions --json``."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "code": self.code,
            "message": self.message,
        }


class BadCell(Exception):
    """A cell whose value can't be taken; ``code`` is stable, ``message`` says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
