"""The days on which an institution sees what it needs to care for a child, by the clock of Shanghai."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.visibility import child_visible_on

DAY = dt.date(2026, 11, 26)


@pytest.mark.parametrize(
    ("moment", "visible"),
    [
        ("2026-11-24T23:59:59+08:00", False),
        ("2026-11-25T00:00:00+08:00", True),
        ("2026-11-26T10:00:00+08:00", True),
        ("2026-11-27T23:59:59+08:00", True),
        ("2026-11-28T00:00:00+08:00", False),
    ],
)
def test_child_is_visible_from_the_day_before_to_the_day_after(moment: str, visible: bool) -> None:
    assert child_visible_on(DAY, dt.datetime.fromisoformat(moment)) is visible
