"""The races on SQLite: one writer, many readers, connections of their own."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.race_cases import RaceCases
from tests.target_race_cases import TargetRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestRacesOnSqlite(RaceCases, TargetRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
