"""Rows of the table and of ``bench.json``."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HEAD = "| work | figure | to reach | reached | note |\n|---|---|---|---|---|\n"
MARKS = {True: "yes", False: "NO", None: ""}
LESS, MORE = "less", "more"
#: What a row may lose from one run to another before it counts as worse.
ALLOWED = 0.10


@dataclass(slots=True)
class Row:
    """One figure with what it should reach; ``reached`` None where there is nothing to reach.

    ``value`` is the figure as one number, for comparing two runs (None: nothing to compare); ``better`` says which way
    is better, ``allowed`` which share of it may be lost.
    """

    work: str
    figure: str
    target: str = ""
    reached: bool | None = None
    note: str = ""
    value: float | None = None
    better: str = LESS
    allowed: float = ALLOWED

    def as_line(self) -> str:
        """The row of the table."""
        return f"| {self.work} | {self.figure} | {self.target} | {MARKS[self.reached]} | {self.note} |\n"


@dataclass(slots=True)
class Report:
    """All rows of a run, and the seconds that each part took; ``load`` is the machine's before it began."""

    database: str
    cores: int = 0
    load: float = 0.0
    rows: list[Row] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def add(
        self,
        work: str,
        figure: str,
        target: str = "",
        reached: bool | None = None,
        *,
        value: float | None = None,
        better: str = LESS,
        allowed: float = ALLOWED,
        note: str = "",
        held_back: str = "",
    ) -> None:
        """Take in a row and show it at once. ``held_back`` is the note of a row that is not reached."""
        words = "; ".join(part for part in (note, held_back if reached is False else "") if part)
        row = Row(work, figure, target, reached, words, value, better, allowed)
        self.rows.append(row)
        sys.stdout.write(row.as_line())
        sys.stdout.flush()

    @property
    def machine_is_busy(self) -> bool:
        """Whether others use the machine: then figures in seconds say little, and those in hellos less than usual."""
        return self.load > self.cores / 2

    def missed(self) -> list[Row]:
        """The rows not reached."""
        return [row for row in self.rows if row.reached is False]

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")


def read_rows(path: Path) -> list[Row]:
    """The rows of a ``bench.json``; one of an older run may lack what came later."""
    known = set(Row.__slots__)
    rows: list[dict[str, Any]] = json.loads(path.read_text())["rows"]
    return [Row(**{name: value for name, value in row.items() if name in known}) for row in rows]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie; the largest where none is left."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
