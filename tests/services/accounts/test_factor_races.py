"""Second factors changed at once, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factor_race_cases import FactorRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestFactorsOnPostgresql(FactorRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
