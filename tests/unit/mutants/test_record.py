"""What is remembered of a run with coverage, and which tests are chosen by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants import choose
from tests.mutants.choose import Choice, Chooser
from tests.mutants.pool import Mutant
from tests.mutants.record import Record
from tests.mutants.source import Change

HOLDS = "booking/care/services/holds.py"
TAKE = "booking/care/services/take.py"
WORDS = "booking/care/words.py"
NEAR, FAR, PAGE = (
    "tests/unit/booking/care/services/test_holds.py",
    "tests/unit/booking/test_take.py",
    "tests/integration/booking/test_page.py",
)
PART = {
    "seconds": {f"{NEAR}::a": 2.0, f"{NEAR}::b": 1.0, f"{FAR}::c": 0.5, f"{PAGE}::d": 3.0, f"{PAGE}::e": 1.0},
    "failed": [],
    "lines": {
        HOLDS: {"6": [f"{NEAR}::a", f"{FAR}::c", f"{PAGE}::"], "7": [f"{NEAR}::b"]},
        TAKE: {"5": [f"{FAR}::c"]},
        WORDS: {"8": [f"{NEAR}::b"], "12": [f"{NEAR}::b", f"{PAGE}::"]},
    },
}
TEXTS = {
    HOLDS: "LIMIT = 3\nSQL = f'{LIMIT}'\n\n\ndef hold(x):\n    a = x\n    return a\n",
    TAKE: "from booking.care.services.holds import SQL\n\n\ndef take(x):\n    SQL + x\n\n\ndef leave(x):\n    pass\n",
    WORDS: """import functools

PART = "p"


@functools.lru_cache
def words():
    return PART


def say():
    return words()
""",
}


@pytest.fixture
def record() -> Record:
    made = Record("base", {NEAR: "1", FAR: "1", PAGE: "1"})
    made.take(PART)
    return made


@pytest.fixture
def chooser(record: Record, tmp_path: Path) -> Chooser:
    for name, text in TEXTS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Chooser(tmp_path, list(TEXTS), record)


def mutant(line: int) -> Mutant:
    return Mutant(HOLDS, line, Change(0, 1, "", "±1", (line, line)), "a", "b")


def test_tests_of_lines_and_of_whole_modules(record: Record) -> None:
    assert record.contexts_of(HOLDS, 6, 6) == {f"{NEAR}::a", f"{FAR}::c", f"{PAGE}::"}
    assert record.tests_in({f"{NEAR}::a", f"{PAGE}::"}) == {f"{NEAR}::a", f"{PAGE}::d", f"{PAGE}::e"}
    assert record.tests_in({"tests/unit/booking/test_gone.py::x"}) == set()


def test_changed_test_module_is_forgotten_alone(record: Record) -> None:
    slim = record.without({NEAR})
    slim.take({"seconds": {f"{NEAR}::new": 1.0}, "failed": [], "lines": {HOLDS: {"6": [f"{NEAR}::new"]}}})

    assert slim.contexts_of(HOLDS, 1, 9) == {f"{FAR}::c", f"{PAGE}::", f"{NEAR}::new"}
    assert sorted(slim.seconds) == sorted([f"{FAR}::c", f"{PAGE}::d", f"{PAGE}::e", f"{NEAR}::new"])
    assert slim.modules == {FAR: "1", PAGE: "1"}


def test_module_of_the_same_name_comes_first_then_the_quickest(chooser: Chooser) -> None:
    choice = chooser.choose(Mutant(HOLDS, 6, Change(0, 1, "", "±1", (6, 7)), "a", "b"))

    assert choice == Choice([f"{NEAR}::b", f"{NEAR}::a", f"{FAR}::c", f"{PAGE}::e", f"{PAGE}::d"], 7.5, 3.0, 0)


def test_tests_without_room_are_counted(chooser: Chooser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "MOST_SECONDS", 3.5)

    assert chooser.choose(Mutant(HOLDS, 6, Change(0, 1, "", "±1", (6, 7)), "a", "b")).tests == [
        f"{NEAR}::b",
        f"{NEAR}::a",
        f"{FAR}::c",
    ]


def test_constant_is_asked_for_through_the_functions_that_use_what_is_made_of_it(chooser: Chooser) -> None:
    assert chooser.choose(mutant(1)).tests == [f"{FAR}::c"]


def test_line_of_a_function_without_tests_has_none(chooser: Chooser) -> None:
    assert chooser.choose(Mutant(TAKE, 9, Change(0, 1, "", "±1", (9, 9)), "a", "b")).tests == []


@pytest.mark.parametrize("line", [3, 8])
def test_function_whose_answers_are_kept_is_asked_for_through_its_callers(chooser: Chooser, line: int) -> None:
    """It runs in the first test of a process that asks, and is recorded there alone."""
    choice = chooser.choose(Mutant(WORDS, line, Change(0, 1, "", "±1", (line, line)), "a", "b"))

    assert set(choice.tests) == {f"{NEAR}::b", f"{PAGE}::d", f"{PAGE}::e"}
