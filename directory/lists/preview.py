"""The preview of an uploaded list in words: what would be new, what would change, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from directory.lists.importing.checking import LeftOut
from directory.lists.importing.column_names import COLUMNS, label_of
from directory.lists.importing.entries import Cleaned
from directory.lists.importing.problems import ListProblem
from directory.lists.importing.writing import MODE_WORDS, NATURE_WORDS
from directory.lists.queries.import_plan import BAD, CHANGED, NEW, UNCHANGED, ImportPlan, PlannedRow

MOST_SHOWN = 200
_LABELS = {"published": "公开"}


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one institution, before and after."""

    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list."""

    row: int
    sheet: str
    name: str
    address: str
    township: str
    becomes_public: bool
    changes: list[Change]


class Preview:
    """A plan as the page shows it; the first rows of each kind."""

    def __init__(self, plan: ImportPlan) -> None:
        self.plan = plan
        self.new_count = plan.counts[NEW]
        self.changed_count = plan.counts[CHANGED]
        self.unchanged_count = plan.counts[UNCHANGED]
        self.bad_count = plan.counts[BAD]
        self.write_count = self.new_count + self.changed_count
        self.most_shown = MOST_SHOWN

    @cached_property
    def errors(self) -> list[ListProblem]:
        return self.plan.errors

    @cached_property
    def warnings(self) -> list[ListProblem]:
        return self.plan.warnings

    @cached_property
    def new(self) -> list[Line]:
        return [_line(row) for row in islice(self.plan.with_outcome(NEW), MOST_SHOWN)]

    @cached_property
    def changed(self) -> list[Line]:
        return [_line(row) for row in islice(self.plan.with_outcome(CHANGED), MOST_SHOWN)]

    @cached_property
    def left_out(self) -> list[LeftOut]:
        return self.plan.checked.left_out

    @cached_property
    def cleaned(self) -> list[tuple[int, str, Cleaned]]:
        """(row, sheet, text) of what is registered otherwise than the list writes it."""
        entries = self.plan.checked.entries
        return [(entry.row, entry.sheet, each) for entry in entries if entry.is_good for each in entry.cleaned]

    @property
    def ignored_columns(self) -> str:
        return "、".join(self.plan.checked.ignored_columns)


def _line(row: PlannedRow) -> Line:
    entry = row.entry
    changes = [] if row.outcome == NEW else [_change(name, words) for name, words in row.changes.items()]
    return Line(
        row=entry.row,
        sheet=entry.sheet,
        name=entry.values["name"],
        address=entry.values["address"],
        township=entry.township.name if entry.township else "",
        becomes_public=row.grants,
        changes=changes,
    )


def _change(name: str, words: list[str]) -> Change:
    before, after = (_shown(name, word) for word in words)
    label = label_of(name) if name in COLUMNS else _LABELS.get(name, name)
    return Change(label, before or _("（空）"), after)


def _shown(name: str, word: str) -> str:
    if name == "nature":
        return NATURE_WORDS.get(word, word)
    if name == "filed_modes":
        return "、".join(MODE_WORDS.get(mode, mode) for mode in word.split("、") if mode)
    return word
