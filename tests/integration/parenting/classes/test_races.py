"""The races of class sessions on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.session_race_cases import SessionRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestSessionRacesOnSqlite(SessionRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
