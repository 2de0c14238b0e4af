"""Equal calls at once, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.twin_race_cases import TwinRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestTwinsOnSqlite(TwinRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
