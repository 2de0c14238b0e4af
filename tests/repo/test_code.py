"""House rules about Python files that no linter knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ["cms", "directory", "booking", "parenting"]
DRAWERS = {"utils.py", "helpers.py", "misc.py", "common.py"}


def sources() -> Iterator[tuple[Path, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), path.read_text()


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path, text in sources():
        yield path, ast.parse(text)


def is_room(path: Path, room: str) -> bool:
    return room in path.parts[:-1] or path.name == f"{room}.py"


def test_files_stay_below_400_lines() -> None:
    assert [str(path) for path, text in sources() if text.count("\n") > 400] == []


def test_functions_stay_below_50_lines() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 50
    ]

    assert long == []


def test_every_file_with_code_begins_with_the_annotations_import() -> None:
    bare = [
        str(path)
        for path, text in sources()
        if text.strip() and "from __future__ import annotations" not in text and path.name != "__init__.py"
    ]

    assert bare == []


def test_no_drawer_files() -> None:
    assert [str(path) for path, _ in sources() if path.name in DRAWERS] == []


def test_services_and_models_know_nothing_of_http() -> None:
    guilty = [
        str(path)
        for path, text in sources()
        if (is_room(path, "services") or is_room(path, "models"))
        and path.parts[:2] != ("cms", "pages")  # a Wagtail page model is its own view
        and re.search(r"^(from|import) django\.(http|shortcuts)", text, re.MULTILINE)
    ]

    assert guilty == []


def test_views_reach_data_through_queries() -> None:
    guilty = [
        f"{path}:{number}"
        for path, text in sources()
        if is_room(path, "views") or is_room(path, "api")
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(r"\b[A-Z]\w+\.objects\b", line)
    ]

    assert guilty == []


def test_services_and_queries_do_not_read_the_clock() -> None:
    clock = re.compile(
        r"timezone\.(now|localdate)\(|\b(datetime|dt)\.now\(|date\.today\(|times\.now\(|import .*\bnow\b"
    )
    guilty = [
        f"{path}:{number}"
        for path, text in sources()
        if is_room(path, "services") or is_room(path, "queries")
        for number, line in enumerate(text.splitlines(), start=1)
        if clock.search(line)
    ]

    assert guilty == []


def test_elasticsearch_is_imported_in_search_only() -> None:
    guilty = [
        str(path)
        for path, text in sources()
        if re.search(r"^(from|import) elasticsearch", text, re.MULTILINE) and path.parts[:2] != ("directory", "search")
    ]

    assert guilty == []


def test_no_project_signals_and_no_unfinished_marks() -> None:
    # Spelt so that a search for such marks does not end here.
    marks = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b|= Signal\(")

    assert [str(path) for path, text in sources() if marks.search(text)] == []


def test_exceptions_are_not_logged_whole() -> None:
    """A database quotes the failing row in them, names and all: ``log_failure`` writes the type."""
    whole = re.compile(r"\.exception\(|exc_info=")

    assert [str(path) for path, text in sources() if whole.search(text)] == []
