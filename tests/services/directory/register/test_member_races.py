"""Who works for an institution, changed at once, on PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.member_race_cases import MemberRaceCases

pytestmark = pytest.mark.django_db(transaction=True)


class TestMembersOnPostgresql(MemberRaceCases):
    def test_database_is_postgresql(self):
        assert connection.vendor == "postgresql"
