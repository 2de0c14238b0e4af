"""The tests that can notice a mutant."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.mutants.pool import Mutant
from tests.mutants.record import Record

#: Recorded seconds of tests run for one mutant; nearest and quickest test modules come first.
MOST_SECONDS = 120.0
Span = tuple[int, int]
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Choice:
    """Tests in the order in which they run, what they took when recorded, and how many had no room."""

    tests: list[str]
    seconds: float
    slowest: float
    left_out: int


class Chooser:
    """Asks the record; what runs at import, or once a process, is asked for through the functions that use its name."""

    def __init__(self, root: Path, files: list[str], record: Record) -> None:
        self.record = record
        self._root, self._files = root, files

    def choose(self, mutant: Mutant) -> Choice:
        """Modules that mirror the file first, then by time; quickest tests first in each."""
        tests = self.record.tests_in(self._contexts(mutant))
        by_module: dict[str, list[str]] = defaultdict(list)
        for test in tests:
            by_module[test.split("::")[0]].append(test)
        spent = {name: sum(map(self._seconds, found)) for name, found in by_module.items()}
        chosen: list[str] = []
        total = 0.0
        for name in sorted(by_module, key=lambda name: (-nearness(name, mutant.name), spent[name], name)):
            for test in sorted(by_module[name], key=lambda test: (self._seconds(test), test)):
                if not chosen or total + self._seconds(test) <= MOST_SECONDS:
                    chosen.append(test)
                    total += self._seconds(test)
        return Choice(chosen, total, max(map(self._seconds, chosen), default=0.0), len(tests) - len(chosen))

    def _seconds(self, test: str) -> float:
        return self.record.seconds[test]

    def _contexts(self, mutant: Mutant) -> set[str]:
        first, last = mutant.change.lines
        found = self.record.contexts_of(mutant.name, first, last)
        outer = _outermost(self._trees[mutant.name], first)
        if outer is None or (_runs_when_called(outer, first) and not _is_kept(outer)):
            return found
        return found | self._through_names(mutant.name, outer)

    def _through_names(self, name: str, outer: ast.stmt) -> set[str]:
        """What runs the functions that use what a statement of the module defines, over constants made of it too."""
        found: set[str] = set()
        asked: set[str] = set()
        waiting = [(name, outer)]
        while waiting:
            name, outer = waiting.pop()
            for begin, end in _bodies(outer):
                found |= self.record.contexts_of(name, begin, end)
            for defined in _defined(outer) - asked:
                asked.add(defined)
                for user, statement in self._users.get(defined, ()):
                    inner = [span for span, names in _bodies_with_names(statement) if defined in names]
                    for begin, end in inner:
                        found |= self.record.contexts_of(user, begin, end)
                    if not inner or _is_kept(statement):
                        waiting.append((user, statement))
        return found

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        return {name: ast.parse((self._root / name).read_text()) for name in self._files}

    @cached_property
    def _users(self) -> dict[str, list[tuple[str, ast.stmt]]]:
        """Name → statements of modules that speak of it."""
        found: dict[str, list[tuple[str, ast.stmt]]] = defaultdict(list)
        for name, tree in self._trees.items():
            for statement in tree.body:
                if not isinstance(statement, ast.Import | ast.ImportFrom):
                    for used in set(names_in(statement)):
                        found[used].append((name, statement))
        return found


def nearness(test_module: str, name: str) -> int:
    """How much a test module's path speaks of a file's path: its own name counts most."""
    path, test = Path(name), Path(test_module)
    parts = set(path.with_suffix("").parts)
    own = test.stem.removeprefix("test_")
    named = own == path.stem or own.startswith(f"{path.stem}_") or (own.endswith(f"_{path.stem}"))
    return 10 * named + len(parts & set(test.parts)) + ("unit" in test.parts)


def names_in(node: ast.AST) -> Iterator[str]:
    """Every name that a piece of code speaks of."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def _outermost(tree: ast.Module, line: int) -> ast.stmt | None:
    """The module's own statement in which a line stands, decorators included."""
    for statement in tree.body:
        decorators = getattr(statement, "decorator_list", [])
        begin = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        if begin <= line <= (statement.end_lineno or begin):
            return statement
    return None


def _functions(node: ast.AST) -> Iterator[FUNCTIONS]:
    return (part for part in ast.walk(node) if isinstance(part, FUNCTIONS))


def _body(function: FUNCTIONS) -> Span:
    return function.body[0].lineno, function.end_lineno or function.lineno


def _bodies(node: ast.AST) -> list[Span]:
    return [_body(function) for function in _functions(node)]


def _bodies_with_names(node: ast.AST) -> list[tuple[Span, set[str]]]:
    return [(_body(function), set(names_in(function))) for function in _functions(node)]


def _runs_when_called(outer: ast.stmt, line: int) -> bool:
    return any(begin <= line <= end for begin, end in _bodies(outer))


def _is_kept(statement: ast.stmt) -> bool:
    """A function whose answers are kept runs in the first test that asks: all that call it depend on it too."""
    decorators = getattr(statement, "decorator_list", [])
    return any("cache" in name for decorator in decorators for name in names_in(decorator))


def _defined(statement: ast.stmt) -> set[str]:
    """Names that a statement of a module gives to others."""
    if isinstance(statement, FUNCTIONS | ast.ClassDef):
        return {statement.name}
    targets = getattr(statement, "targets", [getattr(statement, "target", None)])
    return {part.id for target in targets if target for part in ast.walk(target) if isinstance(part, ast.Name)}
