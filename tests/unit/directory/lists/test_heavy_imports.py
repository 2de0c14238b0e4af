"""openpyxl and pypinyin are heavy: a web worker starts without them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("cms", "directory", "booking", "parenting")


def imports_of(module: str) -> Iterator[str]:
    """What a module of ours imports as it is loaded, each name with its parents."""
    path = ROOT / Path(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if not file.exists():
        return
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def loaded_with(*modules: str) -> set[str]:
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name.split(".")[0] in OURS:
            parents = [name.rsplit(".", n)[0] for n in range(1, name.count(".") + 1)]
            waiting += [*imports_of(name), *parents]
    return {name.split(".")[0] for name in seen}


@pytest.mark.parametrize("heavy", ["openpyxl", "pypinyin"])
def test_web_worker_starts_without(heavy) -> None:
    assert heavy not in loaded_with(
        "directory.urls",
        *(f"directory.{app}.apps" for app in ("districts", "register", "search", "lists", "site")),
        *(f"directory.{app}.{name}" for app in ("register", "lists") for name in ("wagtail_hooks", "tasks")),
    )


def test_importer_loads_the_spreadsheet_reader() -> None:
    assert "openpyxl" in loaded_with("directory.lists.views")
