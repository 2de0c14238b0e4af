"""Families are reminded between noon and nine in the evening."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.calendar.reminders import may_remind
from cms.core.calendar.times import at

DAY = dt.date(2026, 11, 27)


@pytest.mark.parametrize(
    ("clock", "allowed"),
    [
        (dt.time(0), False),
        (dt.time(11, 59, 59), False),
        (dt.time(12), True),
        (dt.time(20, 59, 59), True),
        (dt.time(21), False),
        (dt.time(23, 59, 59), False),
    ],
)
def test_reminders_go_out_from_noon_until_nine(clock: dt.time, allowed: bool) -> None:
    assert may_remind(at(DAY, clock)) is allowed


def test_window_is_that_of_the_sites_clock() -> None:
    assert may_remind(dt.datetime(2026, 11, 27, 4, 0, tzinfo=dt.UTC))
    assert not may_remind(dt.datetime(2026, 11, 27, 13, 0, tzinfo=dt.UTC))
