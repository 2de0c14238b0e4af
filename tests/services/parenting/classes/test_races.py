"""The races of class sessions on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.session_race_cases import SessionRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestSessionRacesOnPostgresql(SessionRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
