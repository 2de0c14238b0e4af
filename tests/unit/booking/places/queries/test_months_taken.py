"""Why a child has no class, and from when it has one."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.queries.buckets import first_month_taken, kind_label, why_not

DAY = dt.date(2026, 11, 23)
ALL = {"infant", "toddler", "senior_toddler", "mixed"}


@pytest.mark.parametrize(
    ("kinds", "birth_date", "words"),
    [
        (ALL, dt.date(2023, 11, 23), "满 3 岁后不再提供托育，可以看看幼儿园。"),
        (ALL, dt.date(2023, 11, 24), ""),
        (ALL, dt.date(2026, 5, 23), ""),
        (ALL, dt.date(2026, 5, 24), "宝宝满 6 个月后可预约（2026年11月）"),
        ({"toddler"}, dt.date(2025, 11, 24), "宝宝满 12 个月后可预约（2026年11月）"),
        ({"toddler"}, dt.date(2024, 11, 24), ""),
        ({"toddler"}, dt.date(2024, 11, 23), "没有适合宝宝月龄的班。"),
        ({"mixed"}, dt.date(2025, 6, 3), "宝宝满 18 个月后可预约（2026年12月）"),
        (set(), dt.date(2025, 6, 3), "没有适合宝宝月龄的班。"),
    ],
)
def test_why_a_child_cannot_be_taken(kinds: set[str], birth_date: dt.date, words: str) -> None:
    assert why_not(kinds, birth_date=birth_date, day=DAY) == words


@pytest.mark.parametrize(
    ("kinds", "age", "first"),
    [
        (ALL, -2, 6),
        (ALL, 5, 6),
        (ALL, 6, 7),
        (ALL, 34, 35),
        (ALL, 35, None),
        ({"senior_toddler"}, 12, 24),
        ({"infant"}, 11, None),
        ({"infant"}, 10, 11),
    ],
)
def test_next_month_that_is_taken(kinds: set[str], age: int, first: int | None) -> None:
    assert first_month_taken(kinds, age) == first


@pytest.mark.parametrize(("bucket", "label"), [("toddler", "托小班"), ("mixed", "混合编班"), ("all", ""), ("", "")])
def test_label_of_a_class(bucket: str, label: str) -> None:
    assert kind_label(bucket) == label
