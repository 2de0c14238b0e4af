"""Values on their way into and out of plain SQL, on both databases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection


def moment_in(value: dt.datetime) -> Any:
    """An aware moment as a parameter of plain SQL."""
    return connection.ops.adapt_datetimefield_value(value)


def moment_out(value: dt.datetime) -> dt.datetime:
    """A moment read by plain SQL; SQLite gives it without its zone, which is UTC."""
    return value if value.tzinfo else value.replace(tzinfo=dt.UTC)


def marks(count: int) -> str:
    """``%s, %s, %s`` for an IN list."""
    return ", ".join(["%s"] * count)


def rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """All rows of a plain SELECT."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def minutes_since_1970(column: str) -> str:
    """SQL of a moment's column as whole minutes: numbers cross into Python many times faster than moments."""
    if connection.vendor == "postgresql":
        return f"(EXTRACT(EPOCH FROM {column})::bigint / 60)::integer"
    return f"CAST(strftime('%%s', {column}) AS integer) / 60"
