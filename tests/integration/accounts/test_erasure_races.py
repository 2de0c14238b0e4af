"""Erasing while somebody else writes, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.erasure_race_cases import ErasureRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestErasuresOnSqlite(ErasureRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
