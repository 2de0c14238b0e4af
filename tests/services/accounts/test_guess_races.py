"""Guesses sent at once, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.guess_race_cases import GuessRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestGuessesOnPostgresql(GuessRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
