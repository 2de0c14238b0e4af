"""Values and names on their way into and out of plain SQL, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Model, UniqueConstraint


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


def execute(sql: str, parameters: list[Any]) -> int:
    """A statement that changes something; returns how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def minutes_since_1970(column: str) -> str:
    """SQL of a moment's column as whole minutes: numbers cross into Python many times faster than moments."""
    if connection.vendor == "postgresql":
        return f"(EXTRACT(EPOCH FROM {column})::bigint / 60)::integer"
    return f"CAST(strftime('%%s', {column}) AS integer) / 60"


def json_list(columns: str) -> str:
    """SQL that gathers the rows of a subquery as a list of lists; NULL or empty where there is none."""
    if connection.vendor == "postgresql":
        return f"json_agg(json_build_array({columns}))"
    return f"json_group_array(json_array({columns}))"


def with_tables(sql: str, *models: type[Model]) -> str:
    """The statement with the table of each model where its name stands in braces: ``{Booking}``."""
    for model in models:
        sql = sql.replace(f"{{{model.__name__}}}", model._meta.db_table)
    return sql


def among(column: str, values: Iterable[int]) -> tuple[str, list[Any]]:
    """A condition and its parameters: the column is one of the values, however many there are."""
    wanted = list(values)
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [wanted]
    return f"{column} IN ({marks(len(wanted))})", [*wanted]


def violates(error: IntegrityError, model: type[Model], constraint: str) -> bool:
    """Whether it was this unique constraint of the model that refused: PostgreSQL names it, SQLite its columns."""
    found = next(c for c in model._meta.constraints if c.name == constraint)
    if not isinstance(found, UniqueConstraint):
        raise TypeError(constraint)
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint)
    table = model._meta.db_table
    names = {field.name: field.column for field in model._meta.concrete_fields}
    columns = ", ".join(f"{table}.{names[name]}" for name in found.fields)
    return str(error).endswith(f": {columns}")


def minutes_of_clock(column: str) -> str:
    """SQL of a time's column as whole minutes since midnight."""
    if connection.vendor == "postgresql":
        return f"(EXTRACT(EPOCH FROM {column})::integer / 60)"
    return f"(CAST(substr({column}, 1, 2) AS integer) * 60 + CAST(substr({column}, 4, 2) AS integer))"


def moment_plus_minutes(moment: str, minutes: str) -> str:
    """SQL of a moment so many minutes later, comparable with a moment's column."""
    if connection.vendor == "postgresql":
        return f"(CAST({moment} AS timestamptz) + {minutes} * INTERVAL '1 minute')"
    return f"datetime({moment}, {minutes} || ' minutes')"
