"""Who works for an institution, changed at once, on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.member_race_cases import MemberRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestMembersOnSqlite(MemberRaceCases):
    def test_database_is_sqlite(self):
        assert connection.vendor == "sqlite"
