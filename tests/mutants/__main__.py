"""``python -m tests.mutants``: draw, run, print the table and the survivors."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from tests.mutants.report import survivors, table, write_json
from tests.mutants.run import Question, run

ROOT = Path(__file__).resolve().parents[2]


def say(line: str) -> None:
    """At once, since a run takes minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Ends with 0 whenever it ran: the shares are for people to judge."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--area", default="", help="a folder or a file; all pools without it")
    parser.add_argument("--number", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="a file for all mutants with their fates")
    asked = parser.parse_args()
    # Asked to end, clear up as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    found = run(ROOT, Question(asked.area, asked.number, asked.seed), say)
    if asked.json:
        write_json(found, asked.json)
    say(f"\n{table(found)}\n\nSurvivors:\n{survivors(found) or 'none'}\n")
    say(f"Seed {asked.seed}, {(time.monotonic() - started) / 60:.1f} minutes.")


if __name__ == "__main__":
    main()
