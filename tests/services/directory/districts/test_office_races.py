"""Offices and posts changed at once, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.office_race_cases import OfficeRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestOfficesOnPostgresql(OfficeRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
