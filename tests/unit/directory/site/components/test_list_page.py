from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from directory.search.near import Near
from directory.site.components.addresses import ListAddress
from directory.site.components.choices import Option
from directory.site.components.list_page import (
    Chip,
    EmptyText,
    empty_text,
    filter_options,
    list_context,
    make_chips,
    month_note,
    need_age,
    need_parts,
    place_text,
    summary,
)
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import NOTHING_FOUND, ListQuestion
from directory.site.queries.missing import Miss
from tests.factories.site import (
    AT_PEARL,
    DISTRICTS,
    HERE,
    JIANXI,
    PEARL,
    THURSDAY,
    WHOLE,
    make_found,
    make_hit,
    make_places,
)

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
FACETS = {
    "mode": [("full_day", 3), ("hourly", 7)],
    "demonstration": [("true", 2)],
    "inclusive": [("true", 5)],
}


@pytest.mark.parametrize(
    ("need", "parts"),
    [
        (CareNeed(), []),
        (CareNeed(age_months=0), ["0 个月"]),
        (CareNeed(age_months=17, day=THURSDAY), ["11月26日 周四"]),
        (CareNeed(day=THURSDAY, starts=dt.time(8, 30)), ["11月26日 周四"]),
        (CareNeed(day=THURSDAY, ends=dt.time(17)), ["11月26日 周四"]),
        (CareNeed(starts=dt.time(14), ends=dt.time(17)), []),
        (WHOLE, ["11月26日 周四", "14:00–17:00"]),
        (CareNeed(age_months=23, birth_month=dt.date(2024, 12, 1)), ["2024年12月出生"]),
        (CareNeed(age_months=24, child=AskedChild("c", "安安", dt.date(2024, 12, 4))), ["安安"]),
    ],
)
def test_need(need: CareNeed, parts: list[str]) -> None:
    assert need_parts(need) == parts


@pytest.mark.parametrize(
    ("need", "words"),
    [
        (CareNeed(), ""),
        (CareNeed(day=THURSDAY), ""),
        (CareNeed(age_months=24), ""),
        (CareNeed(age_months=0, day=THURSDAY), "那天满 0 个月"),
        (CareNeed(age_months=24, day=THURSDAY), "那天满 24 个月，托大班"),
        (
            CareNeed(age_months=24, day=THURSDAY, birth_month=dt.date(2024, 11, 1)),
            "2024年11月出生，那天满 24 个月，托大班",
        ),
        (
            CareNeed(age_months=24, day=THURSDAY, child=AskedChild("c", "安安", dt.date(2024, 11, 4))),
            "安安那天满 24 个月，托大班",
        ),
    ],
)
def test_age_on_the_asked_day(need: CareNeed, words: str) -> None:
    assert need_age(need) == words


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (ListQuestion(), ""),
        (ListQuestion(district=JIANXI), ""),
        (ListQuestion(district=JIANXI, near=HERE), "我的位置附近"),
        (ListQuestion(district=JIANXI, near=HERE, radius=2.5), "我的位置附近 2.5 公里"),
        (ListQuestion(district=JIANXI, near=AT_PEARL, near_street=PEARL), "珠江路附近"),
        (ListQuestion(district=JIANXI, near=AT_PEARL, near_street=PEARL, radius=3.0), "珠江路附近 3 公里"),
    ],
)
def test_place(question: ListQuestion, text: str) -> None:
    assert place_text(question) == text


@pytest.mark.parametrize(
    ("question", "free", "text"),
    [
        (ListQuestion(), None, "共 12 家，按名称"),
        (ListQuestion(q="园"), None, "共 12 家，最相符的在前"),
        (ListQuestion(need=CareNeed(age_months=22)), None, "收 22 个月宝宝的共 12 家，按名称"),
        (ListQuestion(need=CareNeed(age_months=22, day=dt.date(2026, 11, 26))), None, "共 12 家，按名称"),
        (ListQuestion(sort="price"), None, "共 12 家，按价格"),
        (ListQuestion(need=WHOLE, near=HERE), {1: 2}, "12 家中 5 家能照看，按距离"),
        (ListQuestion(need=WHOLE, sort="remaining"), {}, "12 家中 5 家能照看，按空位"),
        (ListQuestion(need=WHOLE, near=HERE, show_all=True), {1: 2}, "共 12 家，按距离"),
    ],
)
def test_summary(question: ListQuestion, free: dict[int, int] | None, text: str) -> None:
    assert summary(question, make_found(count=12, first_count=5, free=free)) == text


def chips(question: ListQuestion, **found: Any) -> list[Chip]:
    return make_chips(question, make_found(**found), ListAddress(question))


def test_chips_without_a_question() -> None:
    assert chips(ListQuestion(), facets=FACETS) == [
        Chip("?demonstration=1", "示范 2", False),
        Chip("?inclusive=1", "普惠 5", False),
        Chip("?mode=hourly", "计时托 7", False),
        Chip("?mode=full_day", "全日托 3", False),
    ]
    assert chips(ListQuestion()) == []


def test_chips_that_are_on_take_their_filter_away_and_stay_at_nought() -> None:
    question = ListQuestion(mode="half_day", inclusive=True, demonstration=True)

    assert chips(question, facets={"inclusive": [("true", 5)]}) == [
        Chip("?mode=half_day&inclusive=1", "示范 0", True),
        Chip("?mode=half_day&demonstration=1", "普惠 5", True),
        Chip("?inclusive=1&demonstration=1", "半日托 0", True),
    ]


def test_chips_that_would_change_nothing_are_left_out() -> None:
    facets = {"mode": [("full_day", 7), ("hourly", 6)], "demonstration": [("true", 7)], "inclusive": [("true", 1)]}

    def texts(question: ListQuestion) -> list[str]:
        return [chip.text for chip in chips(question, count=7, facets=facets)]

    assert texts(ListQuestion()) == ["普惠 1", "计时托 6"]
    assert texts(ListQuestion(demonstration=True, mode="full_day")) == ["示范 7", "普惠 1", "计时托 6", "全日托 7"]


def test_chip_of_another_mode_replaces_the_one_that_is_on() -> None:
    assert chips(ListQuestion(mode="full_day"), facets={"mode": FACETS["mode"]}) == [
        Chip("?mode=hourly", "计时托 7", False),
        Chip("?", "全日托 3", True),
    ]


@pytest.mark.parametrize(
    ("show_all", "expected"),
    [
        (False, [Chip("?age=17", "能照看的 5", True), Chip("?age=17&show=all", "全部 12", False)]),
        (True, [Chip("?age=17", "能照看的", False), Chip("?age=17&show=all", "全部 12", True)]),
    ],
)
def test_chips_of_who_can_take_the_child(show_all: bool, expected: list[Chip]) -> None:
    question = ListQuestion(need=CareNeed(age_months=17), show_all=show_all)

    assert chips(question, count=12, first_count=5, free={}) == expected


def test_chip_of_the_street() -> None:
    question = ListQuestion(district=JIANXI, street="410305002", q="园")

    assert chips(question) == [Chip("?q=%E5%9B%AD", "苏州路", True)]


def test_filters_of_a_district() -> None:
    options = filter_options(ListQuestion(district=JIANXI, street="410305002"), DISTRICTS.values())

    assert options == {
        "near": [Option("410305001", "珠江路街道", False)],
        "radii": [Option(f"{km}", f"{km} 公里内", False) for km in (1, 2, 3, 5, 10)],
        "streets": [Option("410305001", "珠江路街道", False), Option("410305002", "苏州路街道", True)],
        "sorts": [Option("price", "按价格", False), Option("name", "按名称", True)],
        "districts": [Option("jianxi", "涧西区", True), Option("hongqi", "红旗区", False)],
    }


def test_filters_without_a_district() -> None:
    options = filter_options(ListQuestion(), ())

    assert {name: options[name] for name in ("near", "streets", "districts")} == {
        "near": [],
        "streets": [],
        "districts": [],
    }


def test_own_position_and_odd_distance_are_among_the_choices() -> None:
    options = filter_options(ListQuestion(district=JIANXI, near=HERE, radius=2.5), ())

    assert options["near"] == [Option("34.66,112.4", "我的位置", True), Option("410305001", "珠江路街道", False)]
    assert [option.value for option in options["radii"]] == ["1", "2", "2.5", "3", "5", "10"]
    assert [option.value for option in options["radii"] if option.current] == ["2.5"]


def test_usual_distance_is_not_offered_twice() -> None:
    options = filter_options(ListQuestion(district=JIANXI, near=AT_PEARL, near_street=PEARL, radius=3.0), ())

    assert options["near"] == [Option("410305001", "珠江路街道", True)]
    assert [(option.text, option.current) for option in options["radii"]][2] == ("3 公里内", True)
    assert len(options["radii"]) == 5


@pytest.mark.parametrize(
    ("question", "sorts"),
    [
        (ListQuestion(near=HERE), ["distance", "price", "name"]),
        (ListQuestion(near=Near("x", code="x")), ["price", "name"]),
        (ListQuestion(q="园"), ["relevance", "price", "name"]),
        (ListQuestion(need=WHOLE), ["price", "remaining", "name"]),
        (ListQuestion(near=HERE, q="园", need=WHOLE), ["distance", "relevance", "price", "remaining", "name"]),
    ],
)
def test_orders_that_make_sense(question: ListQuestion, sorts: list[str]) -> None:
    assert [option.value for option in filter_options(question, ())["sorts"]] == sorts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            ListQuestion(
                district=JIANXI,
                need=CareNeed(age_months=17),
                near=HERE,
                radius=1.0,
                street="410305001",
                mode="hourly",
                inclusive=True,
                demonstration=True,
                sort="price",
            ),
            EmptyText(
                "没有符合这些条件的机构",
                "放宽一个条件试试：去掉筛选，或者把距离改远一些。",
                "?near=34.66%2C112.4&sort=price",
                "去掉筛选",
            ),
        ),
        (
            ListQuestion(district=JIANXI),
            EmptyText(
                "涧西区的名单还没有放到这里",
                "名单放上来以后，就能在这里查。",
                "/",
                "回首页",
            ),
        ),
    ],
)
def test_empty_list(question: ListQuestion, expected: EmptyText) -> None:
    assert empty_text(question, ListAddress(question)) == expected


def test_empty_list_of_no_district() -> None:
    assert empty_text(ListQuestion(), ListAddress(ListQuestion())).title == "本地的名单还没有放到这里"


def test_page_without_the_open_form() -> None:
    question = ListQuestion(district=JIANXI, need=WHOLE, mode="hourly", street="410305001", sort="price", near=HERE)

    found = replace(make_found(make_hit(1), facets=FACETS), places={1: make_places()}, day=THURSDAY)

    context = list_context(question, found, districts=DISTRICTS.values(), now=NOW)

    assert "empty" not in context
    assert "ask" not in context
    assert context["edit_href"] == (
        "?age=17&date=2026-11-26&from=14%3A00&to=17%3A00&near=34.66%2C112.4&street=410305001&mode=hourly&sort=price"
        "&edit=1#ask"
    )
    assert [name for name, _ in context["find_hidden"]] == ["age", "date", "from", "to", "near", "mode"]
    assert context["has_ribbons"] is True
    assert context["has_stale"] is False


def test_page_with_the_open_form() -> None:
    question = ListQuestion(need=CareNeed(age_months=17), mode="hourly", show_all=True, near=HERE, editing=True)

    context = list_context(question, make_found(), districts=(), now=NOW)

    assert context["ask_hidden"] == [("mode", "hourly")]
    assert [option.value for option in context["ask"]["ages"] if option.current] == ["17"]
    assert context["ask"]["days"][0] == Option("2026-11-23", "今天 周一", False)
    assert context["has_ribbons"] is False
    assert context["empty"].action == "去掉筛选"


@pytest.mark.parametrize(
    ("need", "begins"),
    [
        (CareNeed(age_months=24, birth_month=dt.date(2024, 11, 1)), "按生日已过算，满 24 个月。"),
        (CareNeed(age_months=24), ""),
        (CareNeed(birth_month=dt.date(2024, 11, 1)), ""),
        (CareNeed(age_months=23, birth_month=dt.date(2024, 12, 1)), ""),
    ],
)
def test_month_of_birth_alone_is_said_where_days_matter(need: CareNeed, begins: str) -> None:
    assert month_note(need)[: len(begins) or None] == begins
    assert list_context(ListQuestion(need=need), make_found(), districts=(), now=NOW)["month_note"] == month_note(need)


def test_question_without_an_answer_is_open_again_and_nothing_else_is_said() -> None:
    need = CareNeed(age_months=17, day=THURSDAY, starts=dt.time(17), ends=dt.time(14))
    question = ListQuestion(need=need, editing=True, problems={"ends": "走的时间要晚于来的时间。"})

    context = list_context(question, NOTHING_FOUND, districts=(), now=NOW)

    assert [each.value for name in ("starts", "ends") for each in context["ask"][name] if each.current] == [
        "17:00",
        "14:00",
    ]
    assert (context["groups"], context["chips"], "empty" in context) == ([], [], False)


def test_words_that_found_nothing() -> None:
    question = ListQuestion(district=JIANXI, need=WHOLE, q="小蛮")

    context = list_context(
        question, make_found(), districts=DISTRICTS.values(), now=NOW, miss=Miss(nearest=[make_hit(7)])
    )

    assert "empty" not in context
    assert context["miss"]["title"] == "没找到「小蛮」"
    assert context["miss"]["text"].startswith("名单里没有这家，请先问清有没有备案。您要找的是不是")
    assert [str(card).count("示例园7") for card in context["miss"]["cards"]] == [1]
    assert "/institutions/000000000007/?age=17" in context["miss"]["cards"][0]
    assert len(context["miss"]["steps"]) == 3


def test_one_axis_and_a_named_day_without_a_question() -> None:
    early = make_places(hours=(420, 600), day=replace(make_places().day, day=THURSDAY))
    late = make_places(hours=(540, 660), day=replace(make_places().day, day=THURSDAY, remaining={600: 1}, free=1))
    found = replace(make_found(make_hit(1), make_hit(2)), places={1: early, 2: late}, day=THURSDAY)

    context = list_context(ListQuestion(district=JIANXI), found, districts=(), now=NOW)

    cards = [str(card) for card in context["groups"][0].cards]
    assert [card.count("<li") - 1 for card in cards] == [8, 8]
    assert '<strong class="yes">11月26日 周四 有 4 位</strong>' in cards[0]
    assert '<strong class="few">11月26日 周四 仅 1 位</strong>' in cards[1]
    assert ("珠江路88号　" in cards[0], "9:00–10:00" in cards[0], "10:00–10:30" in cards[1]) == (True, True, True)
    assert context["has_ribbons"] is True
