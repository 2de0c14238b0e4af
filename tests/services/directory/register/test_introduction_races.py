"""An introduction that two people decide on at once, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.introduction_race_cases import IntroductionRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestIntroductionsOnPostgresql(IntroductionRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
