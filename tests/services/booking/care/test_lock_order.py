"""The lock order on PostgreSQL, where every lock is a statement."""

from __future__ import annotations

import pytest

from tests.lock_order_cases import ACTS, LockOrderCases, recorded, vouchers

__all__ = ["vouchers"]
pytestmark = pytest.mark.django_db


class TestLockOrderOnPostgresql(LockOrderCases):
    @pytest.mark.parametrize("name", ["replace", "cancel", "generate", "close"])
    def test_cells_are_locked_by_pool_and_start_before_they_change(self, name):
        before, act, _ = ACTS[name]
        visit = before()

        with recorded() as found:
            act(visit)

        cells = [text for stage, (text, _) in found if stage == "cells"]
        assert [text.endswith("ORDER BY pool_id, starts_at FOR NO KEY UPDATE") for text in cells] == [
            True,
            *[False] * (len(cells) - 1),
        ]
        assert len(cells) > 1
