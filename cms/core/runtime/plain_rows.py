"""Model instances from plain SQL, for the few pages and calls where building the ORM query costs more than running it.

Django compiles a query again each time, which costs some ten times as much as running it. Here the SQL is a string; the
result is an ordinary model instance, with the converters of its fields applied.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection, models

from cms.core.runtime.django_internals import instance_maker

M = TypeVar("M", bound=models.Model)


class Columns(Generic[M]):
    """Columns of a model under an alias of its table; all of them without ``names``. The others are deferred.

    ``str()`` gives the list for a SELECT; ``make`` builds an instance from a row that has them from ``begin`` on.
    """

    def __init__(self, model: type[M], alias: str, *names: str) -> None:
        for name in names:
            model._meta.get_field(name)  # a misspelt name fails at import
        fields: list[Any] = [field for field in model._meta.concrete_fields if not names or field.name in names]
        self.model, self.alias = model, alias
        self._names = [field.attname for field in fields]
        self._columns = [field.column for field in fields]
        self._readers = [(number, read) for number, field in enumerate(fields) if (read := _reader(field))]
        self._key = self._names.index(model._meta.pk.attname)
        self._make = instance_maker(model, *self._names)

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
        return self._make(values)

    def select(self, rest: str, parameters: Sequence[Any]) -> list[M]:
        """The instances of ``SELECT … FROM table alias`` followed by ``rest``."""
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {self} FROM "{table}" {self.alias} {rest}', list(parameters))  # noqa: S608  # names of ours
            return [made for row in cursor.fetchall() if (made := self.make(row)) is not None]


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """Converts a column's value to the field's, where they differ."""
    if isinstance(field, models.DateTimeField):
        return read_moment
    convert = getattr(field, "from_db_value", None)
    return (lambda value: convert(value, None, connection)) if convert else None


def read_moment(value: dt.datetime | None) -> dt.datetime | None:
    """SQLite returns naive datetimes, which are in UTC."""
    return value.replace(tzinfo=dt.UTC) if value is not None and value.tzinfo is None else value
