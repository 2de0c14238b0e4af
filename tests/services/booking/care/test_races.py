"""The races on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.race_cases import RaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestRacesOnPostgresql(RaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
