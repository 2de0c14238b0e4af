"""The outbox's streams on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.outbox_stream_cases import StreamCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestStreamsOnPostgresql(StreamCases):
    def test_database_is_postgresql(self) -> None:
        assert connection.vendor == "postgresql"
