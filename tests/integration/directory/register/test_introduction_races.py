"""An introduction that two people decide on at once, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.introduction_race_cases import IntroductionRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestIntroductionsOnSqlite(IntroductionRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
