"""Rows of plain SQL as instances of models, for the few pages and calls where building a query costs more than it.

Django makes the SQL of a query anew each time, some ten times the cost of running it. Here the SQL is a string; what it
gives is the model as always, with every converter of its fields.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


class Columns(Generic[M]):
    """Columns of a model under an alias of its table; without ``names`` all of them. Others are fetched when asked for.

    ``str()`` gives the list for a SELECT; ``make`` reads a row from where these columns begin in it.
    """

    def __init__(self, model: type[M], alias: str, *names: str) -> None:
        for name in names:
            model._meta.get_field(name)  # a misspelt name is told at once
        # ``from_db`` wants the model's own order, whatever the order of ``names``.
        fields: list[Any] = [field for field in model._meta.concrete_fields if not names or field.name in names]
        self.model, self.alias = model, alias
        self._names = [field.attname for field in fields]
        self._columns = [field.column for field in fields]
        self._readers = [(number, read) for number, field in enumerate(fields) if (read := _reader(field))]
        self._key = self._names.index(model._meta.pk.attname)

    def __str__(self) -> str:
        return ", ".join(f'{self.alias}."{column}"' for column in self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def make(self, row: Sequence[Any], begin: int = 0) -> M | None:
        """The instance; None where an outer join found nothing."""
        values = list(row[begin : begin + len(self._names)])
        if values[self._key] is None:
            return None
        for number, read in self._readers:
            values[number] = read(values[number])
        return self.model.from_db(connection.alias, self._names, values)

    def select(self, rest: str, parameters: Sequence[Any]) -> list[M]:
        """The instances of ``SELECT … FROM table alias`` followed by ``rest``."""
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {self} FROM "{table}" {self.alias} {rest}', list(parameters))  # noqa: S608  # names of ours
            return [made for row in cursor.fetchall() if (made := self.make(row)) is not None]


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """What turns a column's value into the field's, where they differ."""
    if isinstance(field, models.DateTimeField):
        return _moment
    convert = getattr(field, "from_db_value", None)
    return (lambda value: convert(value, None, connection)) if convert else None


def _moment(value: dt.datetime | None) -> dt.datetime | None:
    """SQLite gives a moment without its zone, which is UTC."""
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value
