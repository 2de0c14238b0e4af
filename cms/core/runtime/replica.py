"""Where figures, open data and exports read: a copy of the database if there is one, else the database itself.

A copy is a little behind. So nothing that decides, and nothing that is about to be written, is read there: booking and
accounts never are (tests/repo/test_replica.py).
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
ALIAS = "replica"


def from_replica(rows: QuerySet[M]) -> QuerySet[M]:
    """The same rows, read from the copy; what is reached from them afterwards is read there too."""
    return rows.using(ALIAS if ALIAS in connections else DEFAULT_DB_ALIAS)


class WritesStayHome:
    """Database router: whatever was read from the copy is written to the database, and the copy is never migrated."""

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == ALIAS else None
