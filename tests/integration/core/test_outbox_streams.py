"""The outbox's streams on SQLite: threads with connections of their own."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.outbox_stream_cases import StreamCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestStreamsOnSqlite(StreamCases):
    def test_database_is_sqlite(self) -> None:
        assert connection.vendor == "sqlite"
