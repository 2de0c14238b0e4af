"""The fee table of a record: what holds today, what comes, what was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from directory.register.fees import SINCE_EVER
from directory.register.models import Authorisation, CareProduct, ClassGroup, Institution, ProductFee
from directory.site.components.record_fees import FeeLine, fee_lines, fee_stamp
from directory.site.queries.detail import InstitutionRecord

TODAY = dt.date(2026, 11, 23)
SAVED = dt.datetime(2026, 11, 2, 16, 30, tzinfo=dt.UTC)


def fee(amount: int = 8000, since: dt.date = SINCE_EVER, **more: Any) -> ProductFee:
    return ProductFee(**{"fee": amount, "from_date": since, "class_kind": "", "confirmed_at": SAVED, **more})


def record(*rows: list[ProductFee], kinds: Sequence[str] = (), **more: Any) -> InstitutionRecord:
    products = [
        CareProduct(**{"pk": number, "mode": "full_day", "starts": dt.time(8), "ends": dt.time(18), **more})
        for number in range(len(rows))
    ]
    return InstitutionRecord(
        institution=Institution(),
        profile=None,
        photos=[],
        authorisation=Authorisation(),
        titles=[],
        class_groups=[ClassGroup(kind=kind) for kind in kinds],
        products=products,
        closing_days=[],
        fees=dict(enumerate(rows)),
    )


def line(*rows: ProductFee, step: int = 30, **more: Any) -> FeeLine:
    [found] = fee_lines(record(list(rows), **more), step_minutes=step, today=TODAY)
    return found


def test_no_products_no_fees() -> None:
    assert fee_lines(record(), step_minutes=30, today=TODAY) == []


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, FeeLine("全日托", "8:00–18:00", ["80 元/天"], [], [], [])),
        (
            {"mode": "half_day", "part": "morning", "ends": dt.time(12), "inclusive": True},
            FeeLine("半日托 上午（普惠）", "8:00–12:00", ["80 元/半天"], [], [], []),
        ),
        ({"mode": "hourly"}, FeeLine("计时托", "8:00–18:00", ["160 元/小时"], ["按半小时计"], [], [])),
        (
            {"mode": "temporary", "block_minutes": 120},
            FeeLine("临时托", "8:00–18:00", ["80 元/次"], ["每次 2 小时"], [], []),
        ),
    ],
)
def test_line_of_each_mode(more: dict[str, Any], found: FeeLine) -> None:
    assert line(fee(), **more) == found


def test_hour_that_is_paid_whole_needs_no_word() -> None:
    found = line(fee(), mode="hourly", step=60)

    assert (found.prices, found.notes) == (["80 元/小时"], [])


def test_month_stands_beside_the_day_and_the_meal_below() -> None:
    found = line(fee(monthly_fee=160000, meal_fee=1500, since=dt.date(2026, 9, 1)))

    assert (found.prices, found.notes) == (["80 元/天", "1,600 元/月"], ["餐费另计 15 元/天", "9月1日起"])


def test_fee_to_come_is_not_that_of_today() -> None:
    found = line(
        fee(5400, dt.date(2025, 9, 1)),
        fee(6000, dt.date(2026, 12, 1), monthly_fee=114000),
        fee(6600, dt.date(2027, 3, 1)),
    )

    assert found.prices == ["54 元/天"]
    assert found.coming == [["12月1日起", "60 元/天", "1,140 元/月"], ["2027年3月1日起", "66 元/天"]]
    assert (found.past, found.notes) == ([], ["2025年9月1日起"])


@pytest.mark.parametrize(("days", "prices"), [(0, ["60 元/天"]), (1, [])])
def test_first_fee_holds_from_its_day_on(days: int, prices: list[str]) -> None:
    found = line(fee(6000, TODAY + dt.timedelta(days=days), meal_fee=1500))

    assert found.prices == prices
    assert found.coming == ([] if prices else [["11月24日起", "60 元/天"]])
    assert found.notes == (["餐费另计 15 元/天", "11月23日起"] if prices else [])


def test_past_fees_stay_to_be_read() -> None:
    found = line(
        fee(5000),
        fee(5400, dt.date(2026, 3, 1), monthly_fee=100000),
        fee(6000, TODAY),
        fee(7000, dt.date(2025, 3, 1), class_kind="infant"),
        fee(7500, dt.date(2026, 3, 2), class_kind="infant"),
        kinds=["infant", "toddler"],
    )

    assert found.prices == ["60 元/天", "乳儿班 75 元/天"]
    assert found.past == [
        ["2月28日以前", "50 元/天"],
        ["3月1日到11月22日", "54 元/天", "1,000 元/月"],
        ["2025年3月1日到3月1日", "乳儿班", "70 元/天"],
    ]


def test_fee_of_a_class_to_come_names_it() -> None:
    found = line(fee(5000), fee(7000, dt.date(2026, 12, 1), class_kind="senior_toddler"))

    assert (found.prices, found.coming) == (["50 元/天"], [["12月1日起", "托大班", "70 元/天"]])


def test_only_what_a_class_that_is_run_pays_is_a_price() -> None:
    rows = [
        fee(5400, monthly_fee=100000, meal_fee=1000),
        fee(5000, class_kind="senior_toddler"),
        fee(9000, class_kind="infant", monthly_fee=150000, meal_fee=1500, since=dt.date(2026, 9, 1)),
    ]

    assert line(*rows).prices == ["54 元/天", "1,000 元/月"]
    assert line(*rows, kinds=["toddler"]).prices == ["54 元/天", "1,000 元/月"]
    both = line(*rows, kinds=["infant", "toddler"])
    assert both.prices == ["54 元/天", "1,000 元/月", "乳儿班 90 元/天", "乳儿班 1,500 元/月"]
    assert both.notes == ["餐费另计 10 元/天", "乳儿班 餐费另计 15 元/天"]
    own = line(*rows, kinds=["senior_toddler", "infant"])
    assert own.prices == ["乳儿班 90 元/天", "乳儿班 1,500 元/月", "托大班 50 元/天"]
    assert own.notes == ["乳儿班 餐费另计 15 元/天", "9月1日起"]


def test_stamp_knows_the_classes_that_are_run() -> None:
    rows = [fee(5400, confirmed_at=None), fee(9000, class_kind="infant")]

    assert fee_stamp(record(rows, kinds=["infant"]), today=TODAY) == "收费由机构填写，2026年11月3日。清单外不收费。"
    assert fee_stamp(record(rows, kinds=["toddler"]), today=TODAY) == "收费由机构填写。清单外不收费。"


def test_stamp_says_when_the_institution_saved_what_holds() -> None:
    later = SAVED + dt.timedelta(days=3)
    found = record([fee(), fee(9000, TODAY + dt.timedelta(days=1), confirmed_at=None)], [fee(confirmed_at=later)])

    assert fee_stamp(found, today=TODAY) == "收费由机构填写，2026年11月3日。清单外不收费。"
    assert fee_stamp(record(), today=TODAY) == "收费由机构填写。清单外不收费。"
    assert fee_stamp(record([fee(confirmed_at=None)]), today=TODAY) == "收费由机构填写。清单外不收费。"
