"""Template tags of the workbench: words and ribbons from the numbers of its queries."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from booking.places.place_rules import DayCells
from cms.core.calendar.times import at
from cms.workbench.queries.setup import setup_steps
from cms.workbench.queries.today import ClassBoard
from cms.workbench.queries.week import Week, WeekClass, WeekDay
from cms.workbench.templatetags.workbench import (
    class_ribbon,
    fee_since,
    fee_words,
    free_text,
    hours_in_words,
    mode_note,
    step_note,
    step_title,
    undo_text,
    week_ribbon,
    week_scale,
    week_title,
)
from directory.register.fees import SINCE_EVER
from directory.register.models import CareProduct, ProductFee
from tests.factories.booking import TODAY
from tests.factories.directory import ClassGroupFactory, InstitutionFactory, OpeningRuleFactory

CELLS = DayCells(60, {480: 3, 540: 0})


@pytest.mark.parametrize(
    ("mode", "month", "words"),
    [
        ("full_day", None, "54 元/天"),
        ("full_day", 90000, "54 元/天，900 元/月"),
        ("half_day", None, "54 元/半天"),
        ("hourly", None, "108 元/小时"),
        ("temporary", None, "54 元/次"),
    ],
)
def test_fee(mode: str, month: int | None, words: str) -> None:
    assert fee_words(CareProduct(mode=mode), ProductFee(fee=5400, monthly_fee=month), 30) == words
    assert mode_note(mode)


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2026, 12, 1), "12月1日起"), (dt.date(2027, 1, 1), "2027年1月1日起"), (SINCE_EVER, "")],
)
def test_first_day_of_a_fee(day: dt.date, words: str) -> None:
    assert fee_since(ProductFee(from_date=day), dt.date(2026, 11, 23)) == words


@pytest.mark.django_db
def test_hours_are_told_together() -> None:
    group = ClassGroupFactory()
    for weekday in (0, 1, 2, 4):
        OpeningRuleFactory(class_group=group, weekday=weekday)
    OpeningRuleFactory(class_group=group, weekday=5, closes=dt.time(12))

    assert hours_in_words(group) == ["周一至周三 8:00–18:00", "周五 8:00–18:00", "周六 8:00–12:00"]


def words(ribbon: str) -> list[str]:
    return re.findall(r"<li[^>]*>([^<]*)</li>", ribbon)


def test_ribbon_of_a_class_covers_its_hours() -> None:
    board = ClassBoard(
        "toddler", "托小班", names="", caregivers=1, may_take=5, regular=0, places=CELLS, hours=(480, 660)
    )

    ribbon = class_ribbon(board, at(TODAY, dt.time(8)))

    assert words(ribbon) == ["8:00 有位", "9:00 已满", "10:00 不开放"]
    assert words(class_ribbon(board, at(TODAY, dt.time(8, 1))))[0] == "8:00 不开放"
    assert ribbon.startswith('<ol class="ribbon" aria-label="托小班今天">')
    assert "ribbon-scale" in ribbon


def week_of(row: WeekDay) -> tuple[Week, WeekClass]:
    of_class = WeekClass("toddler", "托小班", [row])
    return Week(row.day, (420, 600), [of_class], None, stale=True), of_class


def test_ribbon_of_a_day_covers_the_hours_of_the_week() -> None:
    row = WeekDay(TODAY, CELLS, bookings=0, over=0, closed="")

    ribbon = week_ribbon(*week_of(row), row)

    assert words(ribbon) == ["7:00 不开放", "8:00 有位", "9:00 已满"]
    assert ribbon.startswith('<ol class="ribbon" aria-label="托小班11月23日 周一">')
    assert "ribbon-scale" not in ribbon


def test_hours_of_the_week_are_named_once_over_all_ribbons() -> None:
    week, _class = week_of(WeekDay(TODAY, CELLS, bookings=0, over=0, closed=""))

    scale = week_scale(week)

    assert scale.startswith('<p class="ribbon-scale"')
    assert re.findall("<span>([^<]*)</span>", scale) == ["7", "", "10 时"]


def test_closed_day_has_no_ribbon() -> None:
    row = WeekDay(TODAY, None, bookings=0, over=0, closed="消毒")

    assert week_ribbon(*week_of(row), row) == ""


@pytest.mark.parametrize(
    ("remaining", "text"),
    [
        ({}, "已满"),
        ({480: 0, 540: 0}, "已满"),
        ({480: 0, 540: 1}, "空 0–1 位"),
        ({480: 2, 540: 5}, "空 2–5 位"),
        ({480: 2, 540: 2}, "空 2 位"),
    ],
)
def test_free_places_of_a_day(remaining: dict[int, int], text: str) -> None:
    assert free_text(DayCells(60, remaining)) == text


@pytest.mark.parametrize(
    ("start", "title"),
    [(dt.date(2026, 11, 22), "11月22日–28日"), (dt.date(2026, 11, 30), "11月30日–12月6日")],
)
def test_title_of_a_week_names_the_second_month_where_it_differs(start: dt.date, title: str) -> None:
    assert week_title(Week(start, (480, 1080), [], None, stale=True)) == title


@pytest.mark.parametrize(
    ("status", "text"), [("arrived", "撤回签到"), ("completed", "撤回离园"), ("absent", "撤回没来")]
)
def test_undo_says_what_is_taken_back(status: str, text: str) -> None:
    assert undo_text(status) == text


@pytest.mark.django_db
def test_every_step_of_the_setup_has_its_texts() -> None:
    steps = setup_steps(InstitutionFactory(public=True))

    assert [step_title(step.name) for step in steps] == [
        "班级和保育人员",
        "开放时间",
        "在托宝宝",
        "托育方式和收费",
        "预约规则",
    ]
    assert step_note("policy") == "提前几天能约、什么时候能免费取消"
    assert len({step_note(step.name) for step in steps}) == 5
