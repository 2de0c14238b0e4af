"""Why nobody takes a child of an age, and when somebody does."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.districts.components.age_words import age_words, birth_month_note, day_age_words

BORN = dt.date(2025, 6, 3)
TOO_OLD, NO_CLASS = "满 3 岁后不再提供托育，可以看看幼儿园", "没有适合宝宝月龄的班"


@pytest.mark.parametrize(
    ("age", "first", "words"),
    [
        (35, None, NO_CLASS),
        (36, None, TOO_OLD),
        (36, 24, TOO_OLD),
        (37, None, TOO_OLD),
        (17, 24, "宝宝满 24 个月后可预约（2027年6月）"),
        (17, 18, "宝宝满 18 个月后可预约（2026年12月）"),
        (5, 6, "宝宝满 6 个月后可预约（2025年12月）"),
    ],
)
def test_age_that_nobody_takes(age: int, first: int | None, words: str) -> None:
    assert age_words(age, first, BORN) == words


@pytest.mark.parametrize(
    ("age", "kind", "words"),
    [
        (23, None, "那天满 23 个月，托小班"),
        (24, None, "那天满 24 个月，托大班"),
        (24, "mixed", "那天满 24 个月，混合编班"),
        (24, "all", "那天满 24 个月"),
        (5, None, "那天满 5 个月"),
        (36, None, "那天满 36 个月"),
    ],
)
def test_age_on_the_day(age: int, kind: str | None, words: str) -> None:
    assert day_age_words(age, kind) == words


@pytest.mark.parametrize("age", [6, 12, 18, 24, 36])
def test_month_of_birth_is_not_enough_where_a_class_begins(age: int) -> None:
    note = f"按生日已过算，满 {age} 个月。那天还没过生日的，请改选 {age - 1} 个月。"

    assert [birth_month_note(age), birth_month_note(age - 1), birth_month_note(age + 1)] == [note, "", ""]
