"""One mutant after another, as many at once as there are processors."""

from __future__ import annotations

import os
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.choose import Choice, Chooser
from tests.mutants.copies import Copy
from tests.mutants.pool import Mutant, draw, equivalents, mutated, source_files, source_roots
from tests.mutants.record import read_record

#: Seconds a test may take above ten times its own; once more with the second, since the machine may have been busy.
PATIENCE = (20, 60)
SURVIVED = (0, 5)  # exit codes of pytest: all passed, none collected


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for."""

    area: str = ""
    number: int = 60
    seed: int = 1
    workers: int = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Task:
    """A mutant, the text of its file, and the tests to run."""

    mutant: Mutant
    text: str
    choice: Choice

    def without(self, wrong: set[str]) -> Task:
        """Not asking some tests."""
        return replace(
            self, choice=replace(self.choice, tests=[test for test in self.choice.tests if test not in wrong])
        )


def run(root: Path, question: Question, say: Callable[[str], None]) -> list[Mutant]:
    """The drawn mutants with their fates. Only the record is written below ``root``."""
    with TemporaryDirectory(prefix="mutants-") as name:
        copies = [Copy(root, Path(name) / f"copy{number}") for number in range(question.workers)]
        try:
            return _run(root, copies, question, say)
        finally:
            for copy in copies:
                copy.stop()


def _run(root: Path, copies: list[Copy], question: Question, say: Callable[[str], None]) -> list[Mutant]:
    tree = copies[0].folder
    drawn = draw(tree, area=question.area, number=question.number, seed=question.seed)
    reasons = equivalents(tree)
    chooser = Chooser(tree, source_files(tree), read_record(root, copies[0], source_roots(tree), say))
    tasks = [Task(mutant, mutated(tree, mutant), chooser.choose(mutant)) for mutant in drawn]
    free: queue.Queue[Copy] = queue.Queue()

    def judged(task: Task) -> Mutant:
        reason = reasons.get((task.mutant.name, task.mutant.operator, f"{task.mutant.before} → {task.mutant.after}"))
        if reason:
            return task.mutant.met("equivalent", reason)
        copy = free.get()
        try:
            return _judge(copy, task)
        finally:
            free.put(copy)

    found: list[Mutant] = []
    with ThreadPoolExecutor(len(copies)) as threads:
        try:
            for copy in copies:
                copy.take_templates(tree)
            for copy in threads.map(_ready, copies):
                free.put(copy)
            for mutant in threads.map(judged, tasks):
                found.append(mutant)
                say(f"{len(found)}/{len(drawn)} {mutant.fate}: {mutant}")
        except BaseException:  # what runs is stopped, so that leaving does not wait for it
            for copy in copies:
                copy.stop()
            raise
    return _checked(copies[0], tasks, found)


def _checked(copy: Copy, tasks: list[Task], found: list[Mutant]) -> list[Mutant]:
    """A test that fails without the mutant too has killed nothing: once more without it."""
    wrong: set[str] = set()
    while failing := _failing(copy, sorted({mutant.note for mutant in found if "::" in mutant.note} - wrong)):
        wrong |= failing
        found = [
            _judge(copy, task.without(wrong)) if mutant.note in failing else mutant
            for task, mutant in zip(tasks, found, strict=True)
        ]
    return found


def _ready(copy: Copy) -> Copy:
    """Everything compiled once, and proof that the tests can be collected where nothing is changed."""
    code, said = copy.pytest("--collect-only", "-n", "0", timeout=600)
    if code:
        raise SystemExit(f"The tests cannot be collected:\n{said[-4000:]}")
    return copy


def _judge(copy: Copy, task: Task) -> Mutant:
    mutant, choice = task.mutant, task.choice
    if not choice.tests:
        return mutant.met("survived", "no test runs it")
    listed = copy.folder.parent / f"{copy.folder.name}.tests"
    listed.write_text("\n".join(choice.tests))
    with copy.changed(mutant.name, task.text):
        for patience in PATIENCE:
            code, said = copy.pytest(
                "-x", "-n", "0", "--tb=no", "-rfE", "-p", "no:cacheprovider", f"@{listed}",
                timeout=2 * patience + 10 * choice.seconds,
                MUTANTS_TEST_SECONDS=str(patience + int(10 * choice.slowest)),
                PYTHONDONTWRITEBYTECODE="1", TEST_DB_SUFFIX=f"_{copy.folder.name}",
            )  # fmt: skip
            if code >= 0:
                break
    if code in SURVIVED:
        return mutant.met("survived", f"{choice.left_out} of its tests were left out" if choice.left_out else "")
    return mutant.met("killed", next(_named(said, choice.tests), f"pytest ended with {code}"))


def _failing(copy: Copy, tests: list[str]) -> set[str]:
    """Tests that fail although nothing is changed: what they have killed is not killed."""
    if not tests:
        return set()
    listed = copy.folder.parent / "killers.tests"
    listed.write_text("\n".join(tests))
    _, said = copy.pytest("-n", "0", "--tb=no", "-rfE", f"@{listed}", timeout=1200)
    return set(_named(said, tests))


def _named(said: str, tests: list[str]) -> Iterator[str]:
    """The tests that pytest says have failed."""
    for line in said.splitlines():
        verdict, _, rest = line.partition(" ")
        if verdict in {"FAILED", "ERROR"}:
            yield from (test for test in tests if rest == test or rest.startswith(f"{test} - "))
