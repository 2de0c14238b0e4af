"""Proof that the database itself refuses a row, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import BaseConstraint, Model, UniqueConstraint

OWN = ("cms", "directory", "booking", "parenting")


def own_constraints() -> Iterator[tuple[type[Model], BaseConstraint]]:
    """Every named constraint of the site's own models."""
    for model in apps.get_models():
        if model.__module__.split(".")[0] in OWN:
            for constraint in model._meta.constraints:
                yield model, constraint


def words_of(name: str) -> list[str]:
    """What a database says when the constraint is broken: PostgreSQL its name, SQLite the columns of a unique one."""
    for model, constraint in own_constraints():
        if constraint.name == name:
            if not isinstance(constraint, UniqueConstraint):
                return [name]
            table = model._meta.db_table
            columns = [f"{table}.{model._meta.get_field(field).column}" for field in constraint.fields]
            return [name, ", ".join(columns)]
    raise LookupError(name)


def refuses(name: str, act: Callable[[], object]) -> None:
    """The act breaks this constraint and no other."""
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        act()
    assert any(words in str(broken.value) for words in words_of(name))
