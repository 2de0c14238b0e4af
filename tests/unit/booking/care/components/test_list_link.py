"""The list, asked what booking could not answer."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.care.components.list_link import list_link


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ({}, ""),
        ({"district": "jianxi"}, "district=jianxi"),
        ({"age": 0}, "age=0"),
        (
            {"age": 17, "day": dt.date(2026, 11, 24), "span": (dt.time(8, 30), dt.time(17))},
            "age=17&date=2026-11-24&from=08%3A30&to=17%3A00",
        ),
    ],
)
def test_what_is_not_known_is_not_asked(asked, query):
    assert list_link(**asked) == f"/institutions/?{query}"
