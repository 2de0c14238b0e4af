"""A copy of the database for reading, in tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from django.db import DEFAULT_DB_ALIAS, connections

from cms.core.runtime.replica import ALIAS


class CopyTouched(Exception):
    """Somebody asked the copy."""


class Unreachable:
    """Stands for the copy's connection and refuses everything."""

    def __getattr__(self, name: str) -> NoReturn:
        raise CopyTouched(name)


@contextmanager
def named_copy(connection: Any) -> Iterator[None]:
    """Within it the site has a copy, which is asked through this connection."""
    connections.settings[ALIAS] = connections.settings[DEFAULT_DB_ALIAS]
    connections[ALIAS] = connection
    try:
        yield
    finally:
        del connections[ALIAS]
        del connections.settings[ALIAS]
