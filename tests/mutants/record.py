"""Which test runs which line, and how long each test takes under coverage: recorded once for a state of the tree."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.mutants.copies import PLUGIN, Copy, listed_files

FILE = Path("var/mutants/record.json")
NOT_CODE = re.compile(r"^(docs|tests/(mutants|bench|journeys|services))/|\.md$")
TEST_MODULE = re.compile(r"^tests/(unit|integration|repo)/(.+/)?test_\w+\.py$")
#: What is recorded is saved after each batch of test modules; seconds that one batch may take.
MODULES_AT_ONCE, TIMEOUT = 100, 1800


@dataclass
class Record:
    """``lines``: file → line → numbers of ``contexts``, each a test or ``module::`` for all tests of a module."""

    base: str = ""
    modules: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    contexts: list[str] = field(default_factory=list)
    lines: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def contexts_of(self, name: str, first: int, last: int) -> set[str]:
        """What runs any of some lines of a file."""
        lines = self.lines.get(name, {})
        return {self.contexts[at] for line in range(first, last + 1) for at in lines.get(str(line), ())}

    def tests_in(self, contexts: set[str]) -> set[str]:
        """Tests that passed when they were recorded, those of a whole module too."""
        whole = tuple(context for context in contexts if context.endswith("::"))
        return {test for test in self.seconds if test in contexts or (whole and test.startswith(whole))}

    def without(self, modules: set[str]) -> Record:
        """What is still true when some test modules have changed."""
        slim = Record(self.base, {name: sha for name, sha in self.modules.items() if name not in modules})
        slim.seconds = {test: spent for test, spent in self.seconds.items() if test.split("::")[0] not in modules}
        slim.contexts = self.contexts
        gone = {at for at, context in enumerate(self.contexts) if context.split("::")[0] in modules}
        for name, lines in self.lines.items():
            slim.lines[name] = {line: [at for at in found if at not in gone] for line, found in lines.items()}
        return slim

    def take(self, part: dict[str, Any]) -> None:
        """Add what one process of pytest has recorded."""
        self.seconds.update(part["seconds"])
        numbers = {context: at for at, context in enumerate(self.contexts)}
        for name, lines in part["lines"].items():
            known = self.lines.setdefault(name, {})
            for line, contexts in lines.items():
                places = [numbers.setdefault(context, len(numbers)) for context in contexts]
                known[line] = sorted({*known.get(line, ()), *places})
        self.contexts = list(numbers)


def read_record(root: Path, copy: Copy, roots: list[str], say: Callable[[str], None]) -> Record:
    """The record of this tree: as it was kept, or with changed test modules run again, or made new."""
    base, modules = _digests(copy.folder)
    kept = Record(**json.loads((root / FILE).read_text())) if (root / FILE).exists() else Record()
    if kept.base != base:
        kept = Record(base)
    changed = {name for name, sha in modules.items() if kept.modules.get(name) != sha}
    if not changed and kept.modules == modules:
        return kept
    record = kept.without(changed | (set(kept.modules) - set(modules)))
    if changed:
        say(f"Recording which test runs which line, test modules: {len(changed)} …")
    for batch in _batches(sorted(changed)):
        failed: set[str] = set()
        for part in _run(copy, roots, batch, say):
            record.take(part)
            failed.update(test.split("::")[0] for test in part["failed"])
        # Modules with a failure are recorded again the next time; a run that is ended goes on where it was.
        record.modules.update({name: modules[name] for name in batch if name not in failed})
        _save(root, record)
    _save(root, record)
    return record


def _batches(modules: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(modules), MODULES_AT_ONCE):
        yield modules[first : first + MODULES_AT_ONCE]


def _save(root: Path, record: Record) -> None:
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(json.dumps(record.__dict__))


def _run(copy: Copy, roots: list[str], modules: list[str], say: Callable[[str], None]) -> list[dict[str, Any]]:
    folder = copy.folder.parent / "record"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    workers = "0" if len(modules) == 1 else str(os.cpu_count() or 1)
    code, said = copy.pytest(
        "-n", workers, "--dist", "loadfile", *modules,
        timeout=TIMEOUT, MUTANTS_RECORD=str(folder), MUTANTS_ROOTS=" ".join(roots),
    )  # fmt: skip
    parts = [
        json.loads(file.read_text()) for file in sorted(folder.glob("*.json")) if workers == "0" or file.stem != "main"
    ]
    if code not in (0, 1) or not parts:
        raise SystemExit(f"The tests do not run (pytest ended with {code}):\n{said[-4000:]}")
    for test in sorted({test for part in parts for test in part["failed"]}):
        say(f"not counted, since it does not pass: {test}")
    return parts


def _digests(root: Path) -> tuple[str, dict[str, str]]:
    """One digest of all that every test may depend on, and one for each test module."""
    modules: dict[str, str] = {}
    base = hashlib.sha256(sys.version.encode() + PLUGIN.read_bytes())
    for name in listed_files(root):
        content = hashlib.sha256((root / name).read_bytes()).hexdigest()
        if TEST_MODULE.match(name):
            modules[name] = content
        elif not NOT_CODE.search(name):
            base.update(f"{name} {content}\n".encode())
    return base.hexdigest(), dict(modules)
