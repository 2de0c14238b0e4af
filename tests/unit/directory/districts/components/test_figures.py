"""A target's year before, at and after its end."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.districts.components.figures import due_words
from directory.districts.models import Rule


@pytest.mark.parametrize(
    ("year", "words"),
    [(None, ""), (2025, "2025 年已过，暂无完成数据"), (2026, "目标年份 2026"), (2027, "目标年份 2027")],
)
def test_target_of_a_year(year: int | None, words: str) -> None:
    assert due_words(Rule(due_year=year), dt.date(2026, 11, 26)) == words
