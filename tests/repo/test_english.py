"""English that a native engineer need not translate, and names that mean one thing (CONTRIBUTING, "Style")."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("cms", "directory", "booking", "parenting")
#: What to write instead, by the worst idioms. Chinese texts have none of these words.
IDIOMS = {
    r"\banew\b": "again",
    r"\bnought\b": "zero",
    r"\bof an own\b": "their own",
    r"\bgettext\w* as _now\b": "gettext as _",
    r"\bwhatever (?:their|its|the) number\b": "regardless of their number",
}
#: Where the idioms are listed so that nobody uses them.
LISTS = {"CONTRIBUTING.md", "tests/repo/test_english.py"}
WRITTEN = {".py", ".md", ".html", ".toml", ".yaml", ".yml", ".js", ".css", ".sh", ".txt", ""}
#: Names that Django looks up in every app.
CONVENTIONAL = {"Command"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\n") if name and (ROOT / name).is_file()]


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in tracked():
        name = path.relative_to(ROOT)
        if path.suffix == ".py" and name.parts[0] in APPS and "migrations" not in name.parts:
            yield str(name), ast.parse(path.read_text())


def idioms(lines: Iterable[str]) -> list[str]:
    """Each idiom found, with its line and what to write instead."""
    return [
        f"{number} {found[0]}: write {better}"
        for number, line in enumerate(lines, start=1)
        for idiom, better in IDIOMS.items()
        for found in re.finditer(idiom, line, re.IGNORECASE)
    ]


def public_classes(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def repeated(named: Iterable[tuple[str, ast.Module]]) -> dict[str, list[str]]:
    """Public classes of one name in several modules."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for name, tree in named:
        for found in public_classes(tree):
            places[found].append(name)
    return {name: where for name, where in places.items() if len(where) > 1 and name not in CONVENTIONAL}


def test_no_file_has_an_idiom_to_unlearn() -> None:
    found = {
        name: lines
        for path in tracked()
        if (name := str(path.relative_to(ROOT))) not in LISTS and path.suffix in WRITTEN
        if (lines := idioms(path.read_text(errors="ignore").splitlines()))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("# Read anew.", ["1 anew: write again"]),
        ("from django.utils.translation import gettext_lazy as _now", ["1 gettext_lazy as _now: write gettext as _"]),
        ("two queries, whatever their number", ["1 whatever their number: write regardless of their number"]),
        ("a renewed plan for now", []),
    ],
)
def test_the_search_for_idioms_finds_them(line: str, found: list[str]) -> None:
    assert idioms([line]) == found


def test_one_name_means_one_class() -> None:
    assert repeated(modules()) == {}


def test_the_search_for_repeated_names_finds_them() -> None:
    first = ast.parse("class Plan: ...\nclass _Row: ...\nclass Command: ...")
    second = ast.parse("class Plan:\n    class Meta: ...\nclass _Row: ...\nclass Command: ...\nclass Other: ...")

    assert repeated([("a", first), ("b", second)]) == {"Plan": ["a", "b"]}
