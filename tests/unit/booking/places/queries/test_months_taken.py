"""From which age on a class takes a child."""

from __future__ import annotations

import pytest

from booking.places.queries.buckets import first_month_taken

ALL = {"infant", "toddler", "senior_toddler", "mixed"}


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
