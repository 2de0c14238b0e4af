"""What a checked list would change: each row held against the institution it means. Reads only.

A row means the institution with its credit code, else the one of its name and address. What a row leaves empty stays as
it is; a list never ends an authorisation and never brings back an ended one, nor one whose date has passed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.core.calendar.times import local_date
from directory.districts.queries.rules import care_modes_of
from directory.lists.importing.checking import CheckedList
from directory.lists.importing.entries import Entry
from directory.lists.importing.problems import ListProblem
from directory.lists.queries.import_changes import (
    Changes,
    Filing,
    changes_of,
    check_merged,
    check_modes,
    filing_of,
    in_words,
    refuse_conflicts,
)
from directory.lists.queries.import_matching import KnownInstitutions, Matcher
from directory.lists.queries.registers import authorisations_of, institutions_by_pk, modes_offered_by
from directory.register.models import Authorisation, Institution

#: Key of a district → the modes that its institutions may be filed for.
Modes = Mapping[int, tuple[str, ...]]
NEW, CHANGED, UNCHANGED, BAD = "new", "changed", "unchanged", "bad"
READ_AT_ONCE = 1000
#: What an institution holds before a list says anything of it.
_BLANK = Institution()


@dataclass(slots=True)
class PlannedRow:
    """One row and what becomes of it.

    Of a registered institution ``pk``, ``values`` are the columns to be set and ``changes`` say the same in words. A
    new one is described by its row: see :func:`new_institution` and :func:`new_filing`.
    """

    entry: Entry
    outcome: str
    pk: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    filing: Filing | None = None
    changes: Changes = field(default_factory=dict)

    @property
    def grants(self) -> bool:
        """Whether the row brings an authorisation that is not registered yet."""
        if self.outcome == NEW:
            return self.entry.is_filed
        return self.filing is not None and self.filing.pk is None


@dataclass(slots=True)
class ImportPlan:
    """A list held against the register."""

    checked: CheckedList
    rows: list[PlannedRow]
    counts: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = Counter(row.outcome for row in self.rows)

    @property
    def errors(self) -> list[ListProblem]:
        return [problem for problem in self.checked.all_problems() if not problem.is_warning]

    @property
    def warnings(self) -> list[ListProblem]:
        return [problem for problem in self.checked.all_problems() if problem.is_warning]

    @property
    def digest(self) -> str:
        """A word for exactly these outcomes and changes: the same only if applying it does what was shown."""
        said = hashlib.sha256()
        for row in self.rows:
            changes = _said(row.entry) if row.outcome == NEW else row.changes
            line = [row.entry.sheet, row.entry.row, row.outcome, row.pk, changes]
            said.update(json.dumps(line, ensure_ascii=False).encode())
        return said.hexdigest()

    def with_outcome(self, outcome: str) -> list[PlannedRow]:
        return [row for row in self.rows if row.outcome == outcome]

    def as_json(self, *, written: bool) -> dict[str, Any]:
        """The answer of ``import_institutions --json``."""
        return {
            "sheets": len(self.checked.sheets),
            "rows": len(self.rows),
            "created": self.counts[NEW],
            "updated": self.counts[CHANGED],
            "unchanged": self.counts[UNCHANGED],
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [problem.as_json() for problem in self.warnings],
            "written": written,
            "ignored_columns": self.checked.ignored_columns,
            "left_out": [row.as_json() for row in self.checked.left_out],
        }


def plan_import(checked: CheckedList, *, now: dt.datetime) -> ImportPlan:
    """Hold every good row against the register; conflicts found here are added to the rows as problems.

    A number of queries that grows with thousands of rows, not with rows; of the institutions meant a thousand are held
    at once.
    """
    matcher = Matcher(KnownInstitutions(checked))
    matched = {id(entry): matcher.match(entry) for entry in checked.entries if entry.is_good}
    modes = _modes_of(checked.entries, local_date(now))
    rows: list[PlannedRow] = []
    for start in range(0, len(checked.entries), READ_AT_ONCE):
        rows += _planned_rows(checked.entries[start : start + READ_AT_ONCE], matched, modes, now=now)
    return ImportPlan(checked, rows)


def _planned_rows(
    entries: Sequence[Entry], matched: Mapping[int, int | None], modes: Modes, *, now: dt.datetime
) -> Iterator[PlannedRow]:
    wanted = {pk for entry in entries if (pk := matched.get(id(entry))) is not None}
    institutions, authorisations = institutions_by_pk(wanted), authorisations_of(wanted)
    offered = modes_offered_by(wanted)
    for entry in entries:
        pk = matched.get(id(entry)) or 0
        if entry.is_good and entry.district is not None:
            check_modes(entry, institutions.get(pk, _BLANK), modes[entry.district.pk], offered.get(pk, set()))
        yield _planned(entry, institutions.get(pk), authorisations.get(pk, []), today=local_date(now))


def _modes_of(entries: Sequence[Entry], day: dt.date) -> Modes:
    """The modes of every district that rows name; one query."""
    return care_modes_of({entry.district.pk: entry.district.code for entry in entries if entry.district}, day)


def _planned(
    entry: Entry, institution: Institution | None, authorisations: list[Authorisation], *, today: dt.date
) -> PlannedRow:
    if not entry.is_good or entry.district is None:
        return PlannedRow(entry, BAD)
    if institution is None:
        return _planned_new(entry)
    refuse_conflicts(entry, institution, entry.district)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    values, changes = changes_of(entry, institution)
    check_merged(entry, institution)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    filing = filing_of(entry, institution, authorisations, changes, today=today)
    if not entry.is_good:
        return PlannedRow(entry, BAD)
    return PlannedRow(entry, CHANGED if changes else UNCHANGED, institution.pk, values, filing, changes)


def _said(entry: Entry) -> dict[str, str]:
    said = {name: in_words(value) for name, value in entry.values.items()}
    return said | {"township": entry.township.name} if entry.township else said


def _planned_new(entry: Entry) -> PlannedRow:
    check_merged(entry, _BLANK)
    return PlannedRow(entry, NEW if entry.is_good else BAD)
