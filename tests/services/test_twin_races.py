"""Equal calls at once, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.twin_race_cases import TwinRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestTwinsOnPostgresql(TwinRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
