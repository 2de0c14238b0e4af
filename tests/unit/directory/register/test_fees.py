from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import pytest

from cms.core.display import wording
from directory.districts.class_kinds import CareMode
from directory.register.fees import (
    SINCE_EVER,
    fee_on,
    fee_words,
    fees_paid,
    month_words,
    rounding_words,
    shown_mode,
    unit_fee,
    unit_fee_words,
)

DAY = dt.date(2026, 12, 1)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


class Row(NamedTuple):
    from_date: dt.date
    fee: int
    class_kind: str = ""


GENERAL = [Row(DAY, 6000), Row(SINCE_EVER, 5400)]


@pytest.mark.parametrize(("day", "fee"), [(BEFORE, 5400), (DAY, 6000), (AFTER, 6000)])
def test_newest_row_that_has_begun_holds(day: dt.date, fee: int) -> None:
    found = fee_on(GENERAL, day)

    assert found is not None
    assert found.fee == fee


def test_order_of_rows_does_not_matter() -> None:
    assert fee_on(GENERAL, AFTER) == fee_on(GENERAL[::-1], AFTER) == GENERAL[0]


@pytest.mark.parametrize(
    ("day", "kind", "fee"),
    [
        (BEFORE, "infant", 5400),
        (DAY, "infant", 9000),
        (DAY, "toddler", 6000),
        (DAY, "", 6000),
        (AFTER, "infant", 9100),
        (AFTER, "", 6000),
    ],
)
def test_row_of_the_class_goes_before_that_for_all(day: dt.date, kind: str, fee: int) -> None:
    found = fee_on([Row(AFTER, 9100, "infant"), *GENERAL, Row(DAY, 9000, "infant")], day, kind)

    assert found is not None
    assert found.fee == fee


@pytest.mark.parametrize(
    ("rows", "kind"),
    [([], ""), ([Row(AFTER, 1)], ""), ([Row(DAY, 1, "infant")], "infant"), ([Row(DAY, 1, "infant")], "")],
)
def test_no_fee_before_the_general_one_begins(rows: list[Row], kind: str) -> None:
    assert fee_on(rows, DAY, kind) is None


INFANTS, MIXED = Row(DAY, 9000, "infant"), Row(SINCE_EVER, 4000, "mixed")


@pytest.mark.parametrize(
    ("day", "kinds", "paid"),
    [
        (DAY, [], [6000]),
        (DAY, ["toddler"], [6000]),
        (DAY, ["infant"], [9000]),
        (DAY, ["infant", "toddler", "senior_toddler"], [9000, 6000]),
        (DAY, ["toddler", "infant"], [6000, 9000]),
        (DAY, ["infant", "mixed"], [9000, 4000]),
        (BEFORE, ["infant", "mixed"], [5400, 4000]),
        (SINCE_EVER - dt.timedelta(days=1), ["infant", "mixed"], []),
    ],
)
def test_fees_that_families_pay_are_those_of_the_classes_that_are_run(
    day: dt.date, kinds: list[str], paid: list[int]
) -> None:
    rows = [INFANTS, *GENERAL, MIXED]

    assert [fee.fee for fee in fees_paid(iter(rows), day, iter(kinds))] == paid


def test_nobody_pays_before_the_general_fee_begins() -> None:
    assert fees_paid([INFANTS, Row(AFTER, 6000)], DAY, ["infant"]) == []


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        (CareMode.FULL_DAY, "54 元/天"),
        (CareMode.HALF_DAY, "54 元/半天"),
        (CareMode.HALF_MONTH, "54 元/半月"),
        (CareMode.HOURLY, "108 元/小时"),
        (CareMode.TEMPORARY, "54 元/次"),
    ],
)
def test_fee_of_each_mode(mode: CareMode, words: str) -> None:
    assert fee_words(mode, 5400, step_minutes=30) == words


@pytest.mark.parametrize(("step", "fee"), [(15, 3700), (30, 1850), (60, 925)])
def test_hourly_fee_is_that_of_an_hour_whatever_the_step(step: int, fee: int) -> None:
    assert unit_fee("hourly", 925, step_minutes=step) == fee


def test_other_fees_know_no_step() -> None:
    assert [unit_fee(mode, 925, step_minutes=15) for mode in CareMode if mode != "hourly"] == [925] * 4


def test_fee_of_the_shown_unit() -> None:
    assert unit_fee_words("hourly", 1850) == "18.50 元/小时"
    assert month_words(160000) == "1,600 元/月"


@pytest.mark.parametrize(
    ("mode", "step", "words"),
    [
        ("hourly", 15, "按 15 分钟计"),
        ("hourly", 30, "按半小时计"),
        ("hourly", 60, ""),
        ("full_day", 30, ""),
    ],
)
def test_what_is_paid_for_at_once(mode: str, step: int, words: str) -> None:
    assert rounding_words(mode, step_minutes=step) == words


@pytest.mark.parametrize(
    ("modes", "asked", "mode"),
    [
        (["full_day", "hourly"], "", "hourly"),
        (["full_day", "hourly"], "full_day", "full_day"),
        (["full_day", "hourly"], "temporary", ""),
        (["half_month", "full_day", "half_day", "temporary"], "", "temporary"),
        (["half_month", "full_day", "half_day"], "", "half_day"),
        (["half_month", "full_day"], "", "full_day"),
        (["half_month"], "", "half_month"),
        ([], "", ""),
        ([], "hourly", ""),
    ],
)
def test_price_shown_is_of_the_mode_asked_for_else_of_a_few_hours(modes: list[str], asked: str, mode: str) -> None:
    assert shown_mode(modes, asked) == mode


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(15, "15 分钟"), (29, "29 分钟"), (30, "半小时"), (31, "31 分钟"), (60, "1 小时"), (90, "1.5 小时")],
)
def test_duration(minutes: int, words: str) -> None:
    assert wording.duration(minutes) == words
