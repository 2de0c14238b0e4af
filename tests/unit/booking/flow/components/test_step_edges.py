"""Which child fits and which modes there are, at the edges."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.components.steps import child_choices, mode_choices
from booking.places.models import BookingPolicy
from cms.accounts.models import Child
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct

TODAY = dt.date(2026, 11, 23)
LAST = dt.date(2026, 12, 7)


@pytest.mark.parametrize(
    ("birth_date", "fits", "words"),
    [
        (dt.date(2025, 12, 7), True, "11 个月，托小班"),
        (dt.date(2025, 12, 8), False, "宝宝满 12 个月后可预约（2026年12月）"),
        (dt.date(2024, 11, 24), True, "23 个月，托小班"),
        (dt.date(2024, 11, 23), False, "没有适合宝宝月龄的班"),
    ],
)
def test_child_fits_from_today_to_the_last_day(birth_date: dt.date, fits: bool, words: str) -> None:
    child = Child(nickname="豆豆", birth_date=birth_date)

    (choice,) = child_choices({"toddler"}, [child], today=TODAY, last_day=LAST)

    assert (choice.child, choice.fits, choice.words) == (child, fits, words)


def test_the_last_day_may_be_today() -> None:
    child = Child(nickname="豆豆", birth_date=dt.date(2025, 11, 23))

    assert [choice.fits for choice in child_choices({"toddler"}, [child], today=TODAY, last_day=TODAY)] == [True]


def test_class_of_the_first_day_that_has_one_is_named() -> None:
    child = Child(nickname="豆豆", birth_date=dt.date(2024, 12, 1))

    (choice,) = child_choices({"toddler", "senior_toddler"}, [child], today=TODAY, last_day=LAST)

    assert choice.words == "23 个月，托小班"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (None, "23 个月，托小班"),
        (dt.date(2026, 11, 30), "那天满 23 个月，托小班"),
        (dt.date(2026, 12, 1), "那天满 24 个月，托大班"),
        # Days that can't be booked say nothing of the child.
        (TODAY - dt.timedelta(days=1), "23 个月，托小班"),
        (TODAY, "那天满 23 个月，托小班"),
        (LAST, "那天满 24 个月，托大班"),
        (LAST + dt.timedelta(days=1), "23 个月，托小班"),
    ],
)
def test_words_are_of_the_asked_day(day: dt.date | None, words: str) -> None:
    child = Child(nickname="豆豆", birth_date=dt.date(2024, 12, 1))
    kinds = {"toddler", "senior_toddler"}

    (choice,) = child_choices(kinds, [child], today=TODAY, last_day=LAST, asked_day=day)

    assert (choice.fits, choice.words) == (True, words)


def test_a_child_that_is_not_taken_then_has_its_other_words() -> None:
    child = Child(nickname="豆豆", birth_date=dt.date(2024, 12, 1))

    (later,) = child_choices({"senior_toddler"}, [child], today=TODAY, last_day=LAST, asked_day=TODAY)
    (never,) = child_choices({"infant"}, [child], today=TODAY, last_day=LAST, asked_day=TODAY)

    assert (later.fits, later.words) == (True, "23 个月，托大班")
    assert (never.fits, never.words) == (False, "没有适合宝宝月龄的班")


def test_a_child_to_be_born_is_of_no_age() -> None:
    child = Child(nickname="豆豆", birth_date=dt.date(2026, 12, 24))
    (choice,) = child_choices({"infant"}, [child], today=TODAY, last_day=dt.date(2027, 7, 1))

    assert choice.words == "0 个月，乳儿班"


def product(mode: str, fee: int, starts: int = 8, ends: int = 18, **fields: object) -> CareProduct:
    return CareProduct(mode=mode, fee=fee, starts=dt.time(starts), ends=dt.time(ends), **fields)


@pytest.mark.parametrize(("second", "fee"), [(900, "9 元/半小时"), (901, "9 元/半小时起"), (None, "9 元/半小时")])
def test_fee_has_a_beginning_where_there_are_several(second: int | None, fee: str) -> None:
    products = [product("hourly", 900), *([product("hourly", second)] if second else [])]

    assert [choice.fee for choice in mode_choices(products, BookingPolicy())] == [fee]


def test_hours_reach_from_the_first_opening_to_the_last_closing() -> None:
    products = [product("hourly", 900, 9, 17), product("hourly", 900, 8, 12), product("hourly", 900, 8, 16)]

    (choice,) = mode_choices(products, BookingPolicy(minimum_minutes=120))

    assert choice.words == "8:00–17:00 之间任选，2 小时起"


def test_blocks_are_those_of_the_first_product_of_the_day() -> None:
    products = [product("temporary", 1, 9, block_minutes=60), product("temporary", 2, 8, block_minutes=120)]

    (choice,) = mode_choices(products, BookingPolicy(temporary_cutoff_minutes=0))

    assert choice.words == "每段 2 小时，开始前都可以约"


def test_equal_hours_are_said_once_in_order_of_the_day() -> None:
    products = [
        product("full_day", 1, 9, 17),
        product("full_day", 2, 8, 18),
        product("full_day", 3, 9, 17),
        product("full_day", 4, 8, 17),
    ]

    (choice,) = mode_choices(products, BookingPolicy())

    assert choice.words == "8:00–17:00，8:00–18:00，9:00–17:00"


def test_modes_that_cannot_be_booked_are_left_out() -> None:
    products = [product(mode, 100, block_minutes=60) for mode in reversed(CareMode.values)]

    assert [choice.mode for choice in mode_choices(products, BookingPolicy())] == [
        "full_day",
        "half_day",
        "hourly",
        "temporary",
    ]
