"""The promise of the one reader on SQLite; tests/services has it longer, on PostgreSQL."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reader_cases import check_promise


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_what_the_reader_says_holds(data: st.DataObject) -> None:
    check_promise(data)
