"""Two runs side by side: ``python -m tests.bench.compare before.json after.json``, rows that became worse marked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.report import MORE, Row, read_rows

HEAD = "| work | before | after | worse by | allowed | |\n|---|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Change:
    """A row of both runs. ``worse_by`` is the share lost, negative where something was won."""

    work: str
    before: float
    after: float
    worse_by: float
    allowed: float

    @property
    def is_worse(self) -> bool:
        """Whether more was lost than allowed."""
        return self.worse_by > self.allowed

    def as_line(self) -> str:
        """The row of the table."""
        mark = "WORSE" if self.is_worse else ""
        shares = f"{self.worse_by:+.1%} | {self.allowed:.0%}"
        return f"| {self.work} | {self.before:g} | {self.after:g} | {shares} | {mark} |\n"


def changes(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """The rows that both runs have a value for, in the order of ``after``; its rules are the ones that count."""
    values = {row.work: row.value for row in before}
    found = []
    for row in after:
        earlier = values.get(row.work)
        if earlier is not None and row.value is not None:
            share = _worse_by(row.better, earlier, row.value)
            found.append(Change(row.work, earlier, row.value, share, row.allowed))
    return found


def _worse_by(better: str, before: float, after: float) -> float:
    """Rounded, so that 11 after 10 is exactly a tenth."""
    part, whole = (before, after) if better == MORE else (after, before)
    if part == whole:
        return 0.0
    return round(part / whole - 1, 6) if whole else float("inf")


def only_in_one(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """Names of rows that the other run does not have."""
    names = [{row.work for row in rows} for rows in (before, after)]
    return sorted(names[0] ^ names[1])


def as_table(before: Sequence[Row], after: Sequence[Row]) -> str:
    """The comparison in words."""
    found = changes(before, after)
    worse = sum(change.is_worse for change in found)
    lines = [HEAD, *(change.as_line() for change in found)]
    lines += [f"Only in one run: {name}\n" for name in only_in_one(before, after)]
    return "".join([*lines, f"{len(found)} rows compared, {worse} worse than allowed.\n"])


def main(arguments: Sequence[str]) -> int:
    """Print the comparison; 1 if a row became worse than allowed."""
    before, after = (read_rows(Path(name)) for name in arguments)
    sys.stdout.write(as_table(before, after))
    return int(any(change.is_worse for change in changes(before, after)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:3]))
