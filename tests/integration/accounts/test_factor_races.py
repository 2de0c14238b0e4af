"""Second factors changed at once, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factor_race_cases import FactorRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestFactorsOnSqlite(FactorRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
