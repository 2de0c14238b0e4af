"""A toy project from the draw to the table."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.mutants.copies import Copy
from tests.mutants.pool import Mutant
from tests.mutants.record import read_record
from tests.mutants.report import survivors, table
from tests.mutants.run import Question, run
from tests.mutants.source import Change

PRICES = '''"""Prices."""

MOST = 8


def fits(wished):
    return wished < MOST


def unused(a, b):
    return a == b or a < b
'''
TESTS = """from shop.services.prices import fits


def test_fits():
    assert fits(7)
"""
LEANING = """

warm = []


def test_warm():
    warm.append(1)


def test_leaning():
    fits(1)
    assert warm
"""
ENDLESS = "def test_endless():\n    while True:\n        pass\n"
SHARED = """import pytest

from shop.services.prices import fits


@pytest.fixture(scope="module")
def answer():
    return fits(7)


def test_first(answer):
    assert answer


def test_second(answer):
    assert answer is True


def test_broken(answer):
    assert not answer
"""
EQUIVALENT = (
    "shop/services/prices.py:11 boundary: return a == b or a < b → return a == b or a <= b  # equal ones came before\n"
)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # Django and its like, of no use here
    root = tmp_path / "toy"
    files = {
        "pytest.ini": "[pytest]\ntestpaths = tests/unit\naddopts = --import-mode=importlib\n",
        "shop/__init__.py": "",
        "shop/services/__init__.py": "",
        "shop/services/prices.py": PRICES,
        "tests/unit/test_prices.py": TESTS,
        "tests/mutants/equivalent.txt": EQUIVALENT,
        ".gitignore": "/var/\n__pycache__/\n.pytest_cache/\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    return root


def fates(mutants: list[Mutant]) -> dict[str, str]:
    return {f"{mutant.line} {mutant.operator}: {mutant.after}": mutant.fate for mutant in mutants}


@pytest.mark.slow
def test_killed_survived_and_equivalent_are_told_apart(toy: Path) -> None:
    said: list[str] = []

    found = run(toy, Question(number=60, workers=1), said.append)

    assert fates(found) == {
        "3 ±1: MOST = 7": "killed",
        "3 ±1: MOST = 9": "survived",
        "7 boundary: return wished <= MOST": "survived",
        "7 comparison: return wished >= MOST": "killed",
        "11 comparison: return a != b or a < b": "survived",
        "11 comparison: return a == b or a >= b": "survived",
        "11 and/or: return a == b and a < b": "survived",
        "11 boundary: return a == b or a <= b": "equivalent",
    }
    assert [mutant.note for mutant in found if mutant.fate == "killed"] == ["tests/unit/test_prices.py::test_fits"] * 2
    assert said[1:] == [f"{number}/8 {mutant.fate}: {mutant}" for number, mutant in enumerate(found, start=1)]
    assert (toy / "shop/services/prices.py").read_text() == PRICES


@pytest.mark.slow
def test_test_that_never_ends_is_stopped(toy: Path, tmp_path: Path) -> None:
    (toy / "tests/unit/test_endless.py").write_text(ENDLESS)
    copy = Copy(toy, tmp_path / "copy")

    code, _ = copy.pytest("-n", "0", "tests/unit/test_endless.py", timeout=60, MUTANTS_TEST_SECONDS="1")

    assert code == -signal.SIGALRM


@pytest.mark.slow
def test_fixture_of_a_module_counts_for_all_its_tests(toy: Path, tmp_path: Path) -> None:
    (toy / "tests/unit/test_shared.py").write_text(SHARED)

    record = read_record(toy, Copy(toy, tmp_path / "copy"), ["shop"], lambda line: None)

    assert record.contexts_of("shop/services/prices.py", 7, 7) == {
        "tests/unit/test_prices.py::test_fits",
        "tests/unit/test_shared.py::",
    }
    assert record.tests_in({"tests/unit/test_shared.py::"}) == {
        "tests/unit/test_shared.py::test_first",
        "tests/unit/test_shared.py::test_second",
    }
    assert list(record.modules) == ["tests/unit/test_prices.py"]


@pytest.mark.slow
def test_test_that_fails_alone_kills_nothing(toy: Path) -> None:
    (toy / "tests/unit/test_prices.py").write_text(TESTS + LEANING)

    found = run(toy, Question(area="shop/services", number=60, workers=1), lambda line: None)

    killers = {mutant.operator: mutant.note for mutant in found if mutant.fate == "killed"}
    assert killers == {
        "comparison": "tests/unit/test_prices.py::test_fits",
        "±1": "tests/unit/test_prices.py::test_fits",
    }


def mutant(name: str, fate: str) -> Mutant:
    return Mutant(name, 3, Change(0, 1, "", "boundary", (3, 3)), "a < b", "a <= b", fate, "no test runs it")


def test_table_counts_per_app_and_leaves_equivalents_out_of_the_share() -> None:
    found = [
        mutant("booking/care/services/holds.py", "killed"),
        mutant("booking/care/services/holds.py", "killed"),
        mutant("booking/care/services/holds.py", "survived"),
        mutant("booking/care/services/holds.py", "equivalent"),
        mutant("cms/core/web/limits.py", "killed"),
        mutant("cms/pages/services/terms.py", "equivalent"),
    ]

    assert table(found).splitlines()[2:] == [
        "| booking | 4 | 2 | 1 | 1 | 67 % |",
        "| cms.core | 1 | 1 | 0 | 0 | 100 % |",
        "| cms.pages | 1 | 0 | 0 | 1 | – |",
        "| all | 6 | 3 | 1 | 2 | 75 % |",
    ]


def test_survivors_are_listed_with_what_was_not_run() -> None:
    found = [mutant("booking/care/services/holds.py", "killed"), mutant("booking/care/services/take.py", "survived")]

    assert survivors(found) == "booking/care/services/take.py:3 boundary: a < b → a <= b\n    no test runs it"
