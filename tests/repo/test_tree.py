"""The tree by sub-app, read from the contracts: foreign keys and table names in SQL escape the import linter."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model

from cms.core.runtime.ports import all_ports

ROOT = Path(__file__).resolve().parent.parent.parent
ROOTS = ("cms", "directory", "booking", "parenting")


@cache
def layers() -> list[set[str]]:
    """The sub-apps that may know each other by line of the first contract, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return [{name.strip(" ()") for name in line.split("|")} for line in contracts[0]["layers"]]


def sub_app(module: str) -> str:
    """`booking.places.models.booking` → `booking.places`."""
    return ".".join(module.split(".")[:2])


def height(name: str) -> int:
    """How far up a sub-app stands; those of one line are equal."""
    return next(len(layers()) - number for number, line in enumerate(layers()) if name in line)


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in ROOTS]


def may_name(lower: str, user: str) -> bool:
    """Itself, or what stands below it."""
    return lower == user or height(lower) < height(user)


def test_models_of_a_landed_label_live_in_the_tree() -> None:
    assert {sub_app(model.__module__) for model in own_models()} <= {name for line in layers() for name in line}


def test_foreign_keys_point_downwards() -> None:
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.related_model in own_models()
        and not may_name(sub_app(field.related_model.__module__), sub_app(model.__module__))
    ]

    assert upward == []


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module with its line; docstrings are left out."""
    tree = ast.parse(path.read_text())
    documents = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documents:
            yield node.lineno, node.value


def test_no_statement_names_the_table_of_another_sub_app() -> None:
    """Its name comes from ``Model._meta.db_table``: then the import says whom the statement knows."""
    owners = {model._meta.db_table: sub_app(model.__module__) for model in own_models()}
    table = re.compile(rf"\b({'|'.join(owners)})\b")
    foreign = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for root in ROOTS
        for path in sorted((ROOT / root).rglob("*.py"))
        if "migrations" not in path.parts
        for line, text in literals(path)
        for name in table.findall(text)
        if owners[name] != sub_app(".".join(path.relative_to(ROOT).with_suffix("").parts))
    ]

    assert foreign == []


def test_apps_that_start_again_give_the_same_answers() -> None:
    """A port refuses another answer under a taken name, so an app's answers must be equal each time."""
    before = {port.name: port.answered_by for port in all_ports()}

    for config in apps.get_app_configs():
        if config.name.split(".")[0] in ROOTS:
            config.ready()

    assert {port.name: port.answered_by for port in all_ports()} == before


def test_every_port_is_in_the_document() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()

    assert [port.name for port in all_ports() if f"`{port.name}`" not in text] == []
