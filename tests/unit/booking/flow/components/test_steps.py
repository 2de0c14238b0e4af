from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.components.steps import child_choices
from cms.accounts.models import Child

TODAY = dt.date(2026, 11, 23)
LAST = TODAY + dt.timedelta(days=14)


def child(born: dt.date) -> Child:
    return Child(nickname="豆豆", birth_date=born)


@pytest.mark.parametrize(
    ("born", "fits", "words"),
    [
        (dt.date(2025, 6, 3), True, "17 个月，托小班"),
        (dt.date(2025, 12, 1), True, "11 个月，托小班"),
        (dt.date(2026, 9, 1), False, "宝宝满 12 个月后可预约（2027年9月）"),
        (dt.date(2023, 1, 1), False, "满 3 岁后不再提供托育，可以看看幼儿园"),
    ],
)
def test_child_fits_if_some_day_that_can_be_booked_has_a_class(born, fits, words):
    choice = child_choices({"toddler"}, [child(born)], today=TODAY, last_day=LAST)[0]

    assert (choice.fits, choice.words) == (fits, words)
