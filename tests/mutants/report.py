"""The table and the list of survivors."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tests.mutants.pool import Mutant

FATES = ("killed", "survived", "equivalent")


def table(mutants: list[Mutant]) -> str:
    """One row per app and one for all; the share is killed of killed and survived."""
    lines = ["| area | drawn | killed | survived | equivalent | share |", "|---|---|---|---|---|---|"]
    areas = sorted({mutant.area for mutant in mutants})
    for area in areas:
        lines.append(_row(area, [mutant for mutant in mutants if mutant.area == area]))
    if len(areas) != 1:
        lines.append(_row("all", mutants))
    return "\n".join(lines)


def _row(area: str, mutants: list[Mutant]) -> str:
    fates = Counter(mutant.fate for mutant in mutants)
    counted = fates["killed"] + fates["survived"]
    share = f"{100 * fates['killed'] / counted:.0f} %" if counted else "–"
    numbers = " | ".join(str(fates[fate]) for fate in FATES)
    return f"| {area} | {len(mutants)} | {numbers} | {share} |"


def survivors(mutants: list[Mutant]) -> str:
    """A line each, as `equivalent.txt` takes it, and below it why nothing or not everything was run."""
    lines = []
    for mutant in mutants:
        if mutant.fate == "survived":
            lines.append(str(mutant))
            if mutant.note:
                lines.append(f"    {mutant.note}")
    return "\n".join(lines)


def write_json(mutants: list[Mutant], path: Path) -> None:
    """All of them with their fates."""
    rows = [
        {
            "path": mutant.name,
            "line": mutant.line,
            "operator": mutant.operator,
            "before": mutant.before,
            "after": mutant.after,
            "fate": mutant.fate,
            "note": mutant.note,
        }
        for mutant in mutants
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
