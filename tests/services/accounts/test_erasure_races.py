"""Erasing while somebody else writes, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.erasure_race_cases import ErasureRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestErasuresOnPostgresql(ErasureRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
