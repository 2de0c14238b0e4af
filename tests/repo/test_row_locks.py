"""Row locks leave the key alone: a plain ``FOR UPDATE`` makes the commit of whoever refers to the row wait, and two
that wait for each other like this are a deadlock.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("cms", "directory", "booking", "parenting")


def plain_locks(text: str) -> Iterator[int]:
    """Lines with ``select_for_update`` without ``no_key=True`` and without a comment that says why."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_for_update"):
            continue
        keeps_key = any(word.arg == "no_key" and getattr(word.value, "value", None) is True for word in node.keywords)
        if not keeps_key and "#" not in lines[(node.end_lineno or node.lineno) - 1]:
            yield node.end_lineno or node.lineno


def test_rows_are_locked_without_their_keys() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{line}"
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        for line in plain_locks(path.read_text())
    ]

    assert guilty == []


@pytest.mark.parametrize(
    ("text", "guilty"),
    [
        ("rows.select_for_update(no_key=True).get()", []),
        ("rows.select_for_update(\n    of=('self',),\n    no_key=True,\n).get()", []),
        ("rows.select_for_update().get()", [1]),
        ("rows.select_for_update(no_key=False)", [1]),
        ("rows.select_for_update(no_key=no_key)", [1]),
        ("\nrows.select_for_update(\n    skip_locked=True\n)", [4]),
        ("rows.select_for_update(no_key=no_key)  # nobody may refer to it", []),
    ],
)
def test_plain_lock_is_seen(text: str, guilty: list[int]) -> None:
    assert list(plain_locks(text)) == guilty
