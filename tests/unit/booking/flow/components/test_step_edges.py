"""Which child fits and which modes there are, at the edges."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.flow.components.steps import child_choices
from cms.accounts.models import Child

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
