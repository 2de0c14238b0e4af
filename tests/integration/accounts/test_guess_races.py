"""Guesses sent at once, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.guess_race_cases import GuessRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestGuessesOnSqlite(GuessRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
