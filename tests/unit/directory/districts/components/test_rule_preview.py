"""What saving a rule alters, in the words that staff confirm."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from directory.districts.components.rule_preview import Alteration, preview_words
from directory.districts.ports import rule_reach
from directory.districts.services.rules import RulePreview
from tests.factories.directory import DistrictFactory, InstitutionFactory, RuleFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)
ONE = dt.timedelta(days=1)
PAGE = "本区规定页"


def words(before: dict[str, Any] | None = None, **values: Any) -> Any:
    return preview_words(RulePreview(RuleFactory(**values), before or {}), DAY)


def test_old_and_new_are_named_and_written_as_people_read_them() -> None:
    before = {"value": 5.3, "state": "draft", "due_year": None, "valid_from": DAY - ONE, "quote": "旧"}

    found = words(before, value=4.5, state="in_force", due_year=2030, valid_from=DAY, quote="")

    assert found.lines == [
        Alteration("数值", "5.3", "4.5"),
        Alteration("状态", "征求意见稿", "施行"),
        Alteration("目标年份", "（空）", "2030"),
        Alteration("施行日期", "2026年11月25日", "2026年11月26日"),
        Alteration("原文", "旧", "（空）"),
    ]
    assert found.title == "每千人口托位"


def test_value_is_written_in_words() -> None:
    found = words({"value": ["hourly"]}, kind="care_modes", value=["full_day", "hourly"])

    assert found.lines == [Alteration("数值", "计时托", "全日托、计时托")]


@pytest.mark.parametrize(
    ("kind", "value", "read_by"),
    [
        ("places_per_thousand", 4.5, [PAGE]),
        ("care_modes", ["hourly"], [PAGE, "机构能登记和收费的托育方式：不在里面的不能再新增，已有的不变"]),
        ("receipt_days", 5, [PAGE, "备案回执的期限"]),
        ("food_permit", None, [PAGE, "备案要交的材料清单"]),
    ],
)
def test_readers_of_the_kind_are_named(kind: str, value: Any, read_by: list[str]) -> None:
    assert words(kind=kind, value=value).read_by == read_by


@pytest.mark.parametrize(
    ("state", "read_by"),
    [
        ("draft", [PAGE + "（标明征求意见稿，不执行）"]),
        ("to_check", ["只有工作人员看得到，核对后再改为施行"]),
    ],
)
def test_what_does_not_hold_is_read_by_nobody_else(state: str, read_by: list[str]) -> None:
    assert words(kind="receipt_days", value=5, state=state).read_by == read_by


@pytest.mark.parametrize(
    ("start", "last", "since"),
    [
        (None, None, "保存后马上生效"),
        (DAY, DAY, "保存后马上生效"),
        (DAY + ONE, None, "2026年11月27日起"),
        (None, DAY - ONE, "有效期已过，保存后不再显示"),
    ],
)
def test_day_from_which_it_holds(start: dt.date | None, last: dt.date | None, since: str) -> None:
    assert words(valid_from=start, valid_until=last).since == since


def test_the_institutions_that_the_rule_reaches_are_counted() -> None:
    district = DistrictFactory()
    InstitutionFactory(district=district, filed_modes=["full_day"])
    InstitutionFactory(district=district)

    found = words(kind="care_modes", value=["hourly"], district=district)

    assert found.reach == ["在这个范围里的托育机构：2 家", "其中登记或提供着别的托育方式：1 家"]
    assert words(district=district).reach == ["在这个范围里的托育机构：2 家"]
    assert words(district=district, state="to_check").reach == []
    assert words(district=district, state="draft").reach == ["在这个范围里的托育机构：2 家"]


def test_without_a_register_nothing_is_counted() -> None:
    with rule_reach.replaced_by(None):
        assert words().reach == []
