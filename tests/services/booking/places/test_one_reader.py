"""The promise of the one reader on PostgreSQL, longer than on SQLite."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reader_cases import check_promise


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_reader_says_holds_on_postgresql(data: st.DataObject) -> None:
    assert connection.vendor == "postgresql"
    check_promise(data)
