from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from directory.site.components.card_places import NO_PLACES, places_html
from directory.site.components.cards import CardWriter, make_groups, note_text, price_text
from directory.site.components.tags import Tag, make_tags
from directory.site.queries.listing import ListQuestion
from tests.factories.site import AT_PEARL, HERE, PEARL, WHOLE, make_found, make_hit

PLACES = replace(NO_PLACES, ribbon=SafeString("<ol></ol>"), words="有 4 位", tone="yes", stamp="截至今天 10:00")
RIBBON = "<div><ol></ol></div>"


def titles(*hits: Any, question: ListQuestion, **found: Any) -> list[tuple[str, bool, int]]:
    groups = make_groups(make_found(*hits, **found), question, {}, tail="")
    return [(group.title, group.ruled, len(group.cards)) for group in groups]


def test_whole_card() -> None:
    hit = make_hit(7, km=0.64, name="示例<园>", demonstration=True, inclusive=True, class_kinds=["infant", "toddler"])

    html = CardWriter(mode="", tail="?age=17&to=17%3A00").card(hit, PLACES)

    assert html == (
        '<li class="card place"><div><h3><a href="/institutions/000000000007/?age=17&amp;to=17%3A00">示例&lt;园&gt;</a>'
        '</h3><p class="row"><span class="tag tag--filed">已备案</span><span class="tag tag--show">示范</span>'
        '<span class="tag tag--inclusive">普惠</span></p></div>\n'
        '<p class="small soft">珠江路街道　0.6 公里　乳儿班 托小班</p>'
        f'{RIBBON}<p class="answer"><strong class="yes">有 4 位</strong>'
        '<span class="small soft">计时托 18 元/小时起</span></p><p class="stamp">截至今天 10:00</p></li>'
    )
    assert isinstance(html, SafeString)


def test_card_of_which_little_is_known() -> None:
    hit = make_hit(basis="", street_name="", class_kinds=[], modes=[], prices={})

    assert CardWriter(mode="hourly", tail="").card(hit, NO_PLACES) == (
        '<li class="card place"><div><h3><a href="/institutions/000000000001/">示例园1</a></h3></div>\n'
        '<p class="small soft"></p></li>'
    )


def test_hits_are_marked_and_everything_else_escaped() -> None:
    marks = {name: format_html("<mark>{}</mark>", f"<{name}>") for name in ("name", "street_name", "address")}
    hit = make_hit(highlights=marks, class_kinds=[], modes=[], prices={}, basis="")

    assert CardWriter(mode="", tail='?q="<').card(hit, NO_PLACES) == (
        '<li class="card place"><div><h3><a href="/institutions/000000000001/?q=&quot;&lt;"><mark>&lt;name&gt;</mark>'
        '</a></h3></div>\n<p class="small soft"><mark>&lt;street_name&gt;</mark></p>'
        '<p class="small soft"><mark>&lt;address&gt;</mark></p></li>'
    )
    assert "<b>" not in CardWriter(mode="", tail="").card(make_hit(name="<b>", street_name="<b>"), NO_PLACES)


def test_register_shows_address_hours_and_telephone() -> None:
    writer = CardWriter(mode="", tail="", contacts=True)

    def line(hit: Any, hours: str) -> str:
        return (
            str(writer.card(hit, replace(NO_PLACES, hours=hours))).split('<p class="small soft">')[2].split("</p>")[0]
        )

    assert line(make_hit(phone="0379-1<"), "8:00–18:00") == (
        '珠江路88号　<span class="nowrap">8:00–18:00</span>　<a class="nowrap" href="tel:03791">0379-1&lt;</a>'
    )
    assert line(make_hit(phone=""), "") == "珠江路88号"
    marked = make_hit(highlights={"address": format_html("<mark>{}</mark>", "珠江路")})
    assert line(marked, "") == "<mark>珠江路</mark>"


def test_address_is_shown_only_where_it_was_searched_for() -> None:
    assert "珠江路88号" not in CardWriter(mode="", tail="").card(make_hit(), NO_PLACES)


@pytest.mark.parametrize(
    ("changes", "html"),
    [
        ({}, f'{RIBBON}<p class="answer"><strong class="yes">有 4 位</strong></p><p class="stamp">截至今天 10:00</p>'),
        ({"tone": "few"}, f'{RIBBON}<p class="answer"><strong class="few">有 4 位</strong></p>'
         '<p class="stamp">截至今天 10:00</p>'),
        ({"tone": "no", "words": "已满", "stale": True}, f'{RIBBON}<p class="answer"><span class="no">已满</span></p>'
         '<p class="stamp stamp--stale">截至今天 10:00</p>'),
        ({"words": ""}, f'{RIBBON}<p class="stamp">截至今天 10:00</p>'),
        ({"ribbon": None}, '<p class="answer"><strong class="yes">有 4 位</strong></p>'
         '<p class="stamp">截至今天 10:00</p>'),
        ({"ribbon": None, "words": ""}, ""),
        ({"stamp": ""}, f'{RIBBON}<p class="answer"><strong class="yes">有 4 位</strong></p>'),
        ({"ribbon": None, "words": "<i>", "stamp": ""}, '<p class="answer"><strong class="yes">&lt;i&gt;</strong></p>'),
    ],
)  # fmt: skip
def test_places(changes: dict[str, Any], html: str) -> None:
    assert places_html(replace(PLACES, **changes), price="") == html


def test_price_stands_without_places() -> None:
    assert places_html(NO_PLACES, price="<1 元>") == (
        '<p class="answer"><span class="small soft">&lt;1 元&gt;</span></p>'
    )


@pytest.mark.parametrize(
    ("mode", "fee", "text"),
    [
        ("hourly", 1800, "计时托 18 元/小时起"),
        ("temporary", 4400, "临时托 44 元/次起"),
        ("half_day", 5450, "半日托 54.50 元/半天起"),
        ("full_day", 9000, "全日托 90 元/天起"),
        ("half_month", 90000, "半月托 900 元/半月起"),
    ],
)
def test_price(mode: str, fee: int, text: str) -> None:
    assert price_text(mode, fee) == text
    assert price_text(mode, fee, 152000) == f"{text}　1,520 元/月起"


def test_card_shows_what_the_asked_hours_cost_in_place_of_the_fee() -> None:
    card = CardWriter(mode="", tail="").card(make_hit(prices={"hourly": 1800}), replace(PLACES, price="共 54 元"))

    assert ("共 54 元" in card, "18 元/小时" in card) == (True, False)


def test_card_shows_no_price_of_a_mode_that_was_not_asked() -> None:
    assert "元" not in CardWriter(mode="full_day", tail="").card(make_hit(prices={"hourly": 1800}), NO_PLACES)


def test_card_shows_the_month_where_the_index_knows_one() -> None:
    cards = [
        CardWriter(mode="", tail="").card(make_hit(prices={"hourly": 1800}, **more), NO_PLACES)
        for more in ({"month_price": 152000}, {"month_price": None}, {})
    ]

    assert ["计时托 18 元/小时起　1,520 元/月起" in card for card in cards] == [True, False, False]


def test_card_shows_the_price_of_the_mode_asked_for() -> None:
    hit = make_hit(prices={"hourly": 1800, "full_day": 9000})

    cards = [CardWriter(mode=mode, tail="").card(hit, NO_PLACES) for mode in ("", "full_day")]

    assert ["计时托 18 元/小时起" in card for card in cards] == [True, False]
    assert ["全日托 90 元/天起" in card for card in cards] == [False, True]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({}, "托小班"),
        ({"class_kinds": ["infant", "mixed"]}, "乳儿班 混合编班"),
        ({"class_kinds": [], "modes": ["full_day", "hourly"]}, "全日托 计时托"),
        ({"class_kinds": [], "modes": []}, ""),
        ({"km": 0.0}, "不到 0.1 公里　托小班"),
        ({"km": 1.26, "class_kinds": [], "modes": []}, "1.3 公里"),
    ],
)
def test_note(more: dict[str, Any], text: str) -> None:
    assert note_text(make_hit(**more)) == text


@pytest.mark.parametrize(
    ("basis", "tags"), [("filing", [Tag("filed", "已备案")]), ("permit", [Tag("filed", "已许可")]), ("", [])]
)
def test_tags_of_the_basis(basis: str, tags: list[Tag]) -> None:
    assert make_tags(basis=basis, demonstration=False, inclusive=False) == tags


def test_tags_of_distinctions() -> None:
    assert make_tags(basis="", demonstration=True, inclusive=False) == [Tag("show", "示范")]
    assert make_tags(basis="", demonstration=False, inclusive=True) == [Tag("inclusive", "普惠")]


def test_all_under_one_heading_while_nobody_asked() -> None:
    assert titles(make_hit(1), make_hit(2), question=ListQuestion()) == [("机构名单", False, 2)]
    assert titles(question=ListQuestion()) == []


def test_those_who_can_then_those_who_cannot() -> None:
    hits = [make_hit(1), make_hit(2), make_hit(3)]

    assert titles(*hits, question=ListQuestion(need=WHOLE), count=23, first_count=2, free={1: 4, 2: 1}) == [
        ("能照看的 2 家", False, 2),
        ("暂时不能照看的 21 家", True, 1),
    ]


def test_all_together_if_wanted() -> None:
    question = ListQuestion(need=WHOLE, show_all=True)

    assert titles(make_hit(1), make_hit(2), question=question, first_count=1, free={1: 4}) == [("机构名单", False, 2)]


@pytest.mark.parametrize("question", [ListQuestion(near=HERE), ListQuestion(near=AT_PEARL, near_street=PEARL)])
def test_unplaced_have_a_heading_where_distances_are_measured(question: ListQuestion) -> None:
    hits = [make_hit(1, km=0.0), make_hit(2)]

    assert titles(*hits, question=question) == [("机构名单", False, 1), ("位置未登记，量不出距离", True, 1)]
    assert titles(make_hit(2), question=ListQuestion()) == [("机构名单", False, 1)]


def test_unplaced_of_both_kinds() -> None:
    hits = [make_hit(1, km=1.0), make_hit(2), make_hit(3, km=2.0), make_hit(4)]
    question = ListQuestion(need=WHOLE, near=HERE)

    assert titles(*hits, question=question, first_count=2, free={1: 1, 2: 1}) == [
        ("能照看的 2 家", False, 1),
        ("位置未登记，量不出距离", True, 1),
        ("暂时不能照看的 2 家", True, 1),
        ("位置未登记，量不出距离", True, 1),
    ]


def test_each_card_has_its_own_places() -> None:
    [group] = make_groups(make_found(make_hit(1), make_hit(2)), ListQuestion(), {2: PLACES}, tail="")

    assert ["有 4 位" in card for card in group.cards] == [False, True]
