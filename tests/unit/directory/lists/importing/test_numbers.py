"""Counts in Chinese and in digits, sign by sign and at their bound."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.lists.importing.numbers import parse_count
from directory.lists.importing.problems import BadCell


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("零", 0),
        ("〇", 0),
        ("一", 1),
        ("二", 2),
        ("两", 2),
        ("三", 3),
        ("四", 4),
        ("五", 5),
        ("六", 6),
        ("七", 7),
        ("八", 8),
        ("九", 9),
        ("十", 10),
        ("百", 100),
        ("千", 1000),
        ("二十", 20),
        ("一百十", 110),
        ("两百", 200),
        ("一百零一个", 101),
        ("三千二百", 3200),
        ("九千九百九十九", 9999),
    ],
)
def test_each_sign_has_its_value(text: str, count: int) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["十十", "百百", "二十三十", "二百三百", "一二", "二三十", "十百", "一千两千"])
def test_signs_in_no_order_are_no_number(text: str) -> None:
    with pytest.raises(BadCell) as caught:
        parse_count(text)

    assert caught.value.code == "places_vague"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (-1, "places_negative"),
        ("-0.5", "places_negative"),
        (10_000, "places_too_many"),
        ("10,000", "places_too_many"),
        ("9" * 4000, "places_too_many"),
    ],
)
def test_what_is_no_count(value: object, code: str) -> None:
    with pytest.raises(BadCell) as caught:
        parse_count(value)

    assert caught.value.code == code


@pytest.mark.parametrize(("value", "count"), [(0, 0), (9999, 9999), ("9,999", 9999), ("0060", 60), ("60.00", 60)])
def test_counts_up_to_the_bound(value: object, count: int) -> None:
    assert parse_count(value) == count


@pytest.mark.parametrize(
    "value",
    [dt.datetime(2026, 1, 2), dt.date(2026, 1, 2), dt.time(6), dt.timedelta(days=6), True, False],  # noqa: DTZ001
)
def test_what_excel_made_of_a_number_is_called_no_number(value: object) -> None:
    with pytest.raises(BadCell) as caught:
        parse_count(value)

    assert caught.value.message == "这一格不是数字，请填一个确定的托位数，例如 60"
