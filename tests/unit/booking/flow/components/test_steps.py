from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.components.steps import child_choices, mode_choices
from booking.places.models import BookingPolicy
from cms.accounts.models import Child
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct

TODAY = dt.date(2026, 11, 23)
LAST = TODAY + dt.timedelta(days=14)


def child(born: dt.date) -> Child:
    return Child(nickname="豆豆", birth_date=born)


def product(mode: str, fee: int, starts: int = 8, ends: int = 18, **fields) -> CareProduct:
    return CareProduct(mode=mode, fee=fee, starts=dt.time(starts), ends=dt.time(ends), **fields)


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


def test_modes_come_in_order_with_hours_and_cheapest_fee():
    policy = BookingPolicy()
    products = [
        product(CareMode.HOURLY, 900),
        product(CareMode.TEMPORARY, 3000, block_minutes=120),
        product(CareMode.HALF_DAY, 4500, 8, 12, part="morning"),
        product(CareMode.HALF_DAY, 4500, 14, 18, part="afternoon"),
        product(CareMode.FULL_DAY, 6000, inclusive=True),
        product(CareMode.FULL_DAY, 8000),
    ]

    choices = mode_choices(products, policy)

    assert [(choice.label, choice.words, choice.fee) for choice in choices] == [
        ("全日托", "8:00–18:00", "60 元/天起"),
        ("半日托", "上午 8:00–12:00，下午 14:00–18:00", "45 元/半天"),
        ("计时托", "8:00–18:00 之间任选，1 小时起", "9 元/半小时"),
        ("临时托", "每段 2 小时，开始前都可以约", "30 元/2 小时"),
    ]


def test_temporary_with_a_cutoff_promises_nothing():
    policy = BookingPolicy(temporary_cutoff_minutes=60)

    choice = mode_choices([product(CareMode.TEMPORARY, 3000, block_minutes=90)], policy)[0]

    assert choice.words == "每段 1.5 小时"
