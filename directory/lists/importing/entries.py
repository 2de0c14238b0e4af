"""A row that was read, and what lists are checked against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cms.core.text import matching_key
from directory.lists.importing.column_names import label_of
from directory.lists.importing.dates import EXCEL_EPOCH
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.townships import KnownDistrict, TownshipName

LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class ListContext:
    """What a list is checked against: the districts served, the one it belongs to if known, the day, the map system."""

    districts: Sequence[KnownDistrict]
    today: dt.date
    chosen: KnownDistrict | None = None
    #: Where rows go that name no district at all; None makes that a fault.
    fallback: KnownDistrict | None = None
    coordinates: str = "wgs84"
    epoch: dt.date = EXCEL_EPOCH


class Cleaned(NamedTuple):
    """A text that is registered otherwise than the row writes it."""

    column: str
    source: str
    written: str


@dataclass(slots=True)
class Entry:
    """A row read. ``values`` holds what the row says, in the model's terms; what it leaves empty is absent."""

    sheet: str
    row: int
    labels: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    district: KnownDistrict | None = None
    township: TownshipName | None = None
    source_title: str = ""
    problems: list[ListProblem] = field(default_factory=list)
    cleaned: list[Cleaned] = field(default_factory=list)
    #: Whether the list gives a person's own number, which is not registered.
    has_private_phone: bool = False

    @property
    def is_good(self) -> bool:
        return not any(not problem.is_warning for problem in self.problems)

    @property
    def is_filed(self) -> bool:
        """A row with a filing date or number becomes authorised and public."""
        return "filed_date" in self.values or "filing_number" in self.values

    @property
    def key(self) -> tuple[str, str]:
        return matching_key(self.values.get("name", "")), matching_key(self.values.get("address", ""))

    def add(self, field_name: str, value: str, code: str, message: str, *, is_warning: bool = False) -> None:
        """Note a problem in a column, called as the file calls it."""
        column = self._column(field_name)
        shown = value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"
        self.problems.append(ListProblem(self.sheet, self.row, column, shown, code, message, is_warning))

    def note_cleaned(self, field_name: str, source: str, written: str) -> None:
        """Keep the text of the row beside what is registered instead, where they differ by more than outer blanks."""
        if source.strip() != written:
            self.cleaned.append(Cleaned(self._column(field_name), source, written))

    def _column(self, field_name: str) -> str:
        return self.labels.get(field_name) or label_of(field_name)
