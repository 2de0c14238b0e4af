"""Words that found nothing: what is said and which ways on are offered."""

from __future__ import annotations

import pytest

from directory.site.components.addresses import ListAddress
from directory.site.components.miss import (
    Step,
    may_be_a_name,
    miss_steps,
    miss_text,
    miss_title,
    months_meant,
    refused_href,
    refused_words,
)
from directory.site.queries.listing import ListQuestion
from directory.site.queries.missing import Miss
from tests.factories.site import DISTRICTS, JIANXI, PEARL, make_hit

NEAR = "选「在哪附近」，按距离看"
USUAL = [NEAR, "按价格看", "看全部机构"]


def steps(q: str, miss: Miss = Miss(), **more: object) -> list[Step]:  # noqa: B008  # frozen
    question = ListQuestion(district=JIANXI, q=q, **more)
    return miss_steps(question, miss, ListAddress(question), DISTRICTS.values())


def texts(q: str, miss: Miss = Miss()) -> list[str]:  # noqa: B008  # frozen
    return [step.text for step in steps(q, miss)]


def test_usual_ways_on_without_the_words_and_without_12345() -> None:
    assert steps("没有", mode="hourly") == [
        Step("?mode=hourly&edit=1#ask", NEAR),
        Step("?mode=hourly&sort=price", "按价格看"),
        Step("?mode=hourly", "看全部机构"),
    ]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("附近", Step("?edit=1#ask", NEAR)),
        ("最便宜的", Step("?sort=price", "按价格看")),
        ("普惠园", Step("?inclusive=1", "看普惠的机构")),
        ("示范", Step("?demonstration=1", "看示范机构")),
        ("早教", Step("/classes/", "看亲子活动和家长课堂")),
        ("1岁", Step("?age=12", "看收 12 个月宝宝的机构")),
        ("红旗", Step("?district=hongqi", "看红旗区的名单")),
        ("红旗区", Step("?district=hongqi", "看红旗区的名单")),
    ],
)
def test_words_that_mean_something_else_stand_first(q: str, first: Step) -> None:
    found = steps(q)

    assert found[0] == first
    assert [step.text for step in found[1:]] == [text for text in USUAL if text != first.text]


@pytest.mark.parametrize("q", ["涧西", "红", "红旗路"])
def test_own_district_and_parts_of_a_name_are_no_other_district(q: str) -> None:
    assert texts(q) == USUAL


def test_each_address_is_offered_once() -> None:
    assert texts("附近最近便宜") == USUAL


def test_where_the_words_would_be_found() -> None:
    miss = Miss(unfiltered=2, elsewhere=["hongqi", "gone"])

    assert steps("小满", miss, mode="hourly", street=PEARL.code, chose_district=True)[:2] == [
        Step("?q=%E5%B0%8F%E6%BB%A1&district=jianxi", "去掉别的条件，有 2 家"),
        Step("?district=hongqi&q=%E5%B0%8F%E6%BB%A1&mode=hourly", "红旗区有，去看看"),
    ]
    assert steps("小满", Miss(unfiltered=1), mode="hourly")[0] == Step("?q=%E5%B0%8F%E6%BB%A1", "去掉别的条件，有 1 家")


def test_district_without_a_list_says_so_and_offers_nothing_of_it() -> None:
    miss, question = Miss(has_list=False, elsewhere=["hongqi"]), ListQuestion(district=JIANXI, q="小满")

    assert (miss_title(question, miss), miss_text(miss)) == (
        "涧西区的名单还没有放到这里",
        "这里找不到，不等于没有备案。",
    )
    assert texts("小满", miss) == ["红旗区有，去看看"]
    assert miss_title(ListQuestion(q="小满"), miss) == "本地的名单还没有放到这里"


def test_what_a_miss_says() -> None:
    assert miss_title(ListQuestion(district=JIANXI, q="小蛮"), Miss()) == "没找到「小蛮」"
    unlisted = "名单里没有这家，请先问清有没有备案。"
    other, likely = (
        "换名称、街道、地址、电话或拼音再找找，也可以这样找：",
        "您要找的是不是下面这几家？也可以换名称、街道、地址、电话或拼音再找。",
    )
    assert miss_text(Miss()) == unlisted + other
    assert miss_text(Miss(nearest=[make_hit(1)])) == unlisted + likely
    assert miss_text(Miss(nearest=[make_hit(1)]), is_name=False) == likely
    assert miss_text(Miss(unfiltered=1)) == miss_text(Miss(elsewhere=["hongqi"])) == other


@pytest.mark.parametrize(("q", "may_be"), [("阳光宝贝", True), ("附近", False), ("1岁", False), ("红旗区", False)])
def test_words_with_a_meaning_are_no_name(q: str, may_be: bool) -> None:
    assert may_be_a_name(ListQuestion(district=JIANXI, q=q), DISTRICTS.values()) is may_be


def test_refused_names_are_said_with_their_page() -> None:
    question = ListQuestion(district=JIANXI, q="甲")

    assert refused_words(Miss()) == ""
    assert refused_words(Miss(refused=["示例·甲", "示例·乙"])) == "「示例·甲」「示例·乙」在「未通过备案的机构」里。"
    assert refused_href(question) == "/institutions/refusals/?district=jianxi"
    assert refused_href(ListQuestion(q="甲")) == "/institutions/refusals/"


@pytest.mark.parametrize(
    ("q", "months"),
    [
        ("1岁", 12),
        ("一岁", 12),
        ("1岁半", 18),
        ("两岁半的", 30),
        ("2周岁", 24),
        ("半岁", 6),
        ("6个月", 6),
        ("18月", 18),
        ("35个月", 35),
        ("36个月", None),
        ("5个月", None),
        ("3岁", None),
        ("0岁", None),
        ("岁月", None),
        ("", None),
    ],
)
def test_ages_in_words(q: str, months: int | None) -> None:
    assert months_meant(q) == months
