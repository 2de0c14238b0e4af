"""Rows of the table and of ``bench.json``."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Row:
    """One figure with what it should reach; ``reached`` None where there is nothing to reach."""

    work: str
    figure: str
    target: str = ""
    reached: bool | None = None


@dataclass(slots=True)
class Report:
    """All rows of a run."""

    database: str
    rows: list[Row] = field(default_factory=list)

    def add(self, work: str, figure: str, target: str = "", reached: bool | None = None) -> None:
        """Keep a row and show it at once."""
        self.rows.append(Row(work, figure, target, reached))
        mark = {True: "yes", False: "NO", None: ""}[reached]
        sys.stdout.write(f"| {work} | {figure} | {target} | {mark} |\n")
        sys.stdout.flush()

    def write(self, path: Path) -> None:
        """As JSON."""
        body = {"database": self.database, "rows": [asdict(row) for row in self.rows]}
        path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
