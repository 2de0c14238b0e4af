"""Dates at the edges of what is believed."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.lists.importing.dates import EXCEL_EPOCH_1904, parse_date
from directory.lists.importing.problems import BadCell

TODAY = dt.date(2026, 11, 22)


def fault(value: object, today: dt.date = TODAY) -> str:
    with pytest.raises(BadCell) as caught:
        parse_date(value, today=today)
    return caught.value.code


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2000-01-01", dt.date(2000, 1, 1)),
        (dt.date(2000, 1, 1), dt.date(2000, 1, 1)),
        (36526, dt.date(2000, 1, 1)),
        ("2026-11-22", TODAY),
        (dt.date(2026, 11, 22), TODAY),
        (dt.datetime(2026, 11, 22, 23, 59), TODAY),  # noqa: DTZ001
        ("2026-9-8", dt.date(2026, 9, 8)),
    ],
)
def test_first_and_last_day_are_believed(value: object, day: dt.date) -> None:
    assert parse_date(value, today=TODAY) == day


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1999-12-31", "date_impossible"),
        (dt.date(1999, 12, 31), "date_impossible"),
        (36525, "date_impossible"),
        ("2026-11-23", "date_future"),
        (dt.date(2026, 11, 23), "date_future"),
        (dt.datetime(2026, 11, 23), "date_future"),  # noqa: DTZ001
    ],
)
def test_the_days_before_and_after_are_not(value: object, code: str) -> None:
    assert fault(value) == code


def test_day_numbers_of_excel_end_with_2099() -> None:
    assert parse_date(73_050, today=dt.date(2100, 1, 1)) == dt.date(2099, 12, 31)
    assert fault(73_051, today=dt.date(2100, 1, 1)) == "date_unreadable"


def test_day_numbers_of_1904() -> None:
    assert parse_date(40_000, today=TODAY, epoch=EXCEL_EPOCH_1904) == dt.date(2013, 7, 7)
