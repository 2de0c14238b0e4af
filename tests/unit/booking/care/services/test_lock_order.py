"""The lock order as far as SQLite's statements show it."""

from __future__ import annotations

import pytest

from tests.lock_order_cases import LockOrderCases, vouchers

__all__ = ["vouchers"]
pytestmark = pytest.mark.django_db


class TestLockOrderOnSqlite(LockOrderCases):
    pass
