"""Offices and posts changed at once, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.office_race_cases import OfficeRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestOfficesOnSqlite(OfficeRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
