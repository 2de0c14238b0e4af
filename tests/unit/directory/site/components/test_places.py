"""Free places as the list and the record draw them, from numbers alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from cms.core.calendar.times import at
from directory.register.ports import BookingRules, PricedStay
from directory.site.components.places import CardPlacesWriter, shared_hours, week_problem, week_rows
from directory.site.components.rules import rules_in_words
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed
from tests.factories.site import make_day, make_places, make_week

TODAY = dt.date(2026, 11, 23)
NOW = at(TODAY, dt.time(10))
ASKED = CareNeed(age_months=17, day=TODAY, starts=dt.time(9), ends=dt.time(10))


def cells(html: str) -> list[str]:
    return re.findall(r'<li(?: class="([^"]*)")?>', html)


@pytest.mark.parametrize(
    ("given", "priced", "price"),
    [
        ({}, True, "9:00–12:00 共 54 元"),
        ({}, False, ""),
        ({"stale": True}, True, ""),
        ({"stay": None}, True, ""),
    ],
)
def test_card_says_what_the_asked_hours_cost(given: dict[str, object], priced: bool, price: str) -> None:
    made = make_places(**{"stay": PricedStay(540, 720, 5400), **given})

    assert CardPlacesWriter(ASKED, now=NOW, priced=priced).card("小满", made).price == price


@pytest.mark.parametrize(
    ("free", "words", "tone"), [(0, "已满", "no"), (1, "仅 1 位", "few"), (2, "仅 2 位", "few"), (3, "有 3 位", "yes")]
)
def test_card_says_how_many(free, words, tone):
    card = CardPlacesWriter(ASKED, now=NOW).card(
        "小满", make_places(day=make_day(free=free, problem="" if free else "full"))
    )

    assert (card.words, card.tone, card.stale) == (words, tone, False)
    assert card.stamp == "机构今天 10:00 确认，按当班 3 人计算"


@pytest.mark.parametrize(
    ("problem", "remaining", "words"),
    [
        ("full", {540: 0}, "已满"),
        ("too_late", {540: 3}, "已过最晚预约时间"),
        ("too_early", {540: 3}, "这一天还没有开放预约"),
        ("too_early", {}, "这一天还没有开放预约"),
        ("too_short", {540: 3}, "时间太短，不能约"),
        ("bad_step", {540: 3}, "这个起止时间不能约"),
        ("outside_hours", {540: 3}, "这段时间不开放"),
        ("outside_hours", {}, "这天不开放"),
        ("closed", {}, "这天不开放"),
        ("product", {540: 3}, "现在没有可约的托育方式"),
    ],
)
def test_card_says_why_none(problem, remaining, words):
    day = make_day(free=0, problem=problem, remaining=remaining)

    card = CardPlacesWriter(ASKED, now=NOW).card("小满", make_places(day=day))

    assert (card.words, card.tone) == (words, "no")


def test_card_of_another_age_says_when_the_child_is_old_enough():
    day = make_day(free=0, problem="age")

    card = CardPlacesWriter(ASKED, now=NOW).card(
        "小满", make_places(day=day, class_kind=None, first_month=24, stale=True)
    )

    assert (card.words, card.tone) == ("宝宝满 24 个月后可预约（2027年6月）", "no")
    # Green hours for a child who can't come would promise them.
    assert (card.ribbon, card.stamp, card.stale, card.hours) == (None, "", False, "")


def test_card_of_no_age_shows_the_day_where_nobody_takes_it():
    card = CardPlacesWriter(CareNeed(day=TODAY), now=NOW).card("小满", make_places(day=make_day(free=0, problem="age")))

    assert (card.words, card.ribbon is None) == ("没有适合宝宝月龄的班", False)


@pytest.mark.parametrize(
    ("day", "words"), [(TODAY, "今天 有 4 位"), (dt.date(2026, 11, 26), "11月26日 周四 有 4 位"), (None, "有 4 位")]
)
def test_card_names_the_day_that_nobody_asked_for(day, words):
    writer = CardPlacesWriter(CareNeed(day=day), now=NOW, names_day=True)

    assert writer.card("小满", make_places()).words == words


@pytest.mark.parametrize(
    ("remaining", "hours"), [({540: 4, 570: 0}, "9:00–10:00"), ({510: 0, 1050: 1}, "8:30–18:00"), ({}, "")]
)
def test_card_knows_when_it_is_open(remaining, hours):
    day = make_day(remaining=remaining, free=0, problem="full")

    assert CardPlacesWriter(ASKED, now=NOW).card("小满", make_places(day=day)).hours == hours


def test_ribbons_of_a_list_share_one_axis():
    closed = make_places(hours=(0, 1440), day=make_day(remaining={}))
    found = [make_places(hours=(480, 600)), make_places(hours=(540, 1080)), closed]

    assert shared_hours(found) == (480, 1080)
    assert shared_hours([closed]) is None
    assert shared_hours([]) is None
    card = CardPlacesWriter(ASKED, now=NOW, hours=(480, 720)).card("小满", make_places())
    assert len(cells(card.ribbon)) == 8


@pytest.mark.parametrize(
    ("needs_answer", "said"), [(True, ("可以申请，等机构答复", "few")), (False, ("请电话确认", "no"))]
)
def test_card_of_stale_places_says_whether_one_may_ask(needs_answer, said):
    places = make_places(stale=True, needs_answer=needs_answer, confirmed_at=NOW - dt.timedelta(days=4))

    card = CardPlacesWriter(ASKED, now=NOW).card("小满", places)

    assert (card.words, card.tone) == said


def test_card_of_stale_places_shows_no_number():
    card = CardPlacesWriter(ASKED, now=NOW).card(
        "小满", make_places(stale=True, confirmed_at=NOW - dt.timedelta(days=4))
    )

    assert (card.words, card.tone, card.stale) == ("请电话确认", "no", True)
    assert card.stamp == "空位 4 天未更新，不作准"
    assert 'class="ribbon ribbon--stale"' in card.ribbon
    shut = CardPlacesWriter(ASKED, now=NOW).card(
        "小满", make_places(stale=True, day=make_day(remaining={}, problem="closed"))
    )
    assert shut.words == "有 4 位"


def test_card_without_classes_asks_to_call():
    card = CardPlacesWriter(ASKED, now=NOW).card("小满", make_places(has_classes=False))

    assert (card.ribbon, card.words, card.tone, card.stamp) == (None, "空位请电话询问", "no", "")


def test_card_outlines_what_was_asked_on_the_hours_of_the_day():
    day = make_day(remaining={510: 1, 540: 4, 570: 4, 600: 4})

    card = CardPlacesWriter(ASKED, now=NOW).card("<小满>", make_places(day=day, hours=(480, 660)))

    assert cells(card.ribbon) == ["shut", "few", "mine", "mine", "", "shut"]
    assert 'aria-label="&lt;小满&gt;周一各时段空位"' in card.ribbon
    assert '<p class="ribbon-scale" aria-hidden="true">' in card.ribbon


def test_ribbon_of_a_day_that_is_shut_shows_the_usual_hours():
    day = make_day(remaining={}, free=0, problem="closed")

    card = CardPlacesWriter(ASKED, now=NOW).card("小满", make_places(day=day, hours=(480, 1080)))

    assert cells(card.ribbon) == ["shut"] * 2 + ["shut mine"] * 2 + ["shut"] * 16


def row_words(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<span class="(small(?: soft)?)">([^<]*)</span>', html)


def test_week_rows_name_the_days_and_their_answers():
    wednesday = TODAY + dt.timedelta(days=2)
    days = [
        make_day(),
        make_day(day=TODAY + dt.timedelta(days=1), free=0, problem="full", remaining={540: 0}),
        make_day(day=wednesday, free=0, problem="closed", remaining={}),
        make_day(day=wednesday, free=0, problem="too_late"),
        make_day(day=wednesday, free=0, problem="too_early"),
        make_day(day=wednesday, free=0, problem="too_short"),
        make_day(day=wednesday, free=0, problem="too_early", remaining={}),
    ]

    html = week_rows(make_week(*days), asked=CareNeed(), now=NOW)

    assert re.findall(r'<span class="day">(.*?)</span>', html)[:3] == ["<b>今天</b>", "周二 11/24", "周三 25"]
    assert row_words(html) == [
        ("small", "4 位"),
        ("small", "已满"),
        ("small soft", "休"),
        ("small", "已截止"),
        ("small", "未开放"),
        ("small", "不可约"),
        ("small soft", "休"),
    ]
    assert 'aria-label="11月23日空位"' in html
    assert html.endswith('<p class="ribbon-scale" aria-hidden="true"><span>9–10 时</span></p>')


def test_week_names_the_month_where_it_begins():
    days = [make_day(day=dt.date(2026, 11, 28) + dt.timedelta(days=number)) for number in range(5)]

    html = week_rows(make_week(*days), asked=CareNeed(), now=at(dt.date(2026, 11, 28), dt.time(8)))

    assert re.findall(r'<span class="day">(.*?)</span>', html) == [
        "<b>今天</b>",
        "周日 11/29",
        "周一 30",
        "周二 12/1",
        "周三 2",
    ]


def test_week_outlines_the_asked_hours_on_their_day_alone():
    days = [make_day(), make_day(day=TODAY + dt.timedelta(days=1))]

    html = week_rows(make_week(*days), asked=CareNeed(day=days[1].day, starts=dt.time(9), ends=dt.time(9, 30)), now=NOW)

    assert cells(html) == ["", "", "mine", ""]


def test_stale_week_shows_no_number():
    days = [
        make_day(),
        make_day(remaining={}, free=0, problem="closed"),
        make_day(remaining={540: 0}, free=0, problem="full"),
    ]

    html = week_rows(make_week(*days, stale=True), asked=CareNeed(), now=NOW)

    assert [word for _, word in row_words(html)] == ["待确认", "休", "已满"]
    assert html.count("ribbon--stale") == 3


@pytest.mark.parametrize(
    ("bookable_from", "problem", "states"),
    [
        (0, "", ["", ""]),
        (540, "", ["", ""]),
        (541, "", ["gone", ""]),
        (1440, "too_late", ["gone", "gone"]),
        (1440, "too_early", ["", ""]),
    ],
)
def test_hours_that_are_over_look_gone(bookable_from: int, problem: str, states: list[str]) -> None:
    day = make_day(remaining={540: 4, 570: 4}, bookable_from=bookable_from, problem=problem)

    assert cells(week_rows(make_week(day), asked=CareNeed(), now=NOW)) == states
    card = CardPlacesWriter(CareNeed(day=TODAY), now=NOW).card("小满", make_places(day=day, hours=(540, 600)))
    assert cells(card.ribbon) == states


def test_full_day_of_stale_places_is_full_on_its_card() -> None:
    day = make_day(remaining={540: 0}, free=0, problem="full")

    assert CardPlacesWriter(ASKED, now=NOW).card("小满", make_places(stale=True, day=day)).words == "已满"


def test_week_says_why_an_age_is_not_taken_counted_from_the_asked_day():
    found = make_week(problem="age", first_month=24, class_kind=None)

    def why(need: CareNeed) -> str:
        return week_problem(found, asked=need, today=TODAY)

    assert why(CareNeed(age_months=17, day=dt.date(2026, 12, 1))) == "宝宝满 24 个月后可预约（2027年7月）"
    assert why(CareNeed(age_months=17)) == "宝宝满 24 个月后可预约（2027年6月）"
    # The birth date says it better than the age, and the month of birth too.
    assert why(CareNeed(age_months=17, birth_month=dt.date(2025, 5, 1))) == "宝宝满 24 个月后可预约（2027年5月）"
    child = AskedChild("c", "豆豆", dt.date(2025, 5, 31))
    assert why(CareNeed(age_months=17, child=child)) == "宝宝满 24 个月后可预约（2027年5月）"
    assert why(CareNeed()) == ""
    assert week_problem(make_week(), asked=CareNeed(age_months=17), today=TODAY) == ""


@pytest.mark.parametrize(
    ("age", "first", "words"),
    [
        (35, None, "没有适合宝宝月龄的班"),
        (36, None, "满 3 岁后不再提供托育，可以看看幼儿园"),
        (36, 24, "满 3 岁后不再提供托育，可以看看幼儿园"),
        (5, 6, "宝宝满 6 个月后可预约（2026年12月）"),
    ],
)
def test_week_says_why_an_age_is_not_taken(age, first, words):
    found = make_week(problem="age", first_month=first, class_kind=None)

    assert week_problem(found, asked=CareNeed(age_months=age), today=TODAY) == words


RULES = BookingRules(30, 14, 120, 0, 60, 30, 1, dt.time(14), needs_acceptance=False)


@pytest.mark.parametrize(
    ("changes", "number", "sentence"),
    [
        ({}, 0, "提前 14 天开放，最晚开始前 2 小时预约。"),
        ({"cutoff_minutes": 30}, 0, "提前 14 天开放，最晚开始前半小时预约。"),
        ({"cutoff_minutes": 90}, 0, "提前 14 天开放，最晚开始前 1.5 小时预约。"),
        ({}, 1, "临时托开始前都可以约。"),
        ({"temporary_cutoff_minutes": 45}, 1, "临时托最晚开始前 45 分钟预约。"),
        ({}, 2, "计时托 1 小时起，每半小时一档。"),
        ({}, 3, "前一天 14:00 前可免费取消。"),
        ({"free_cancel_days_before": 0}, 3, "当天 14:00 前可免费取消。"),
        ({"free_cancel_days_before": 2, "free_cancel_clock": dt.time(9, 30)}, 3, "提前 2 天，9:30 前可免费取消。"),
        ({"needs_acceptance": True}, 4, "提交后由机构确认，24 小时内答复，过时自动取消。"),
    ],
)
def test_rules_in_words(changes, number, sentence):
    assert rules_in_words(dataclasses.replace(RULES, **changes))[number] == sentence


def test_an_institution_that_confirms_at_once_has_four_rules():
    assert len(rules_in_words(RULES)) == 4
