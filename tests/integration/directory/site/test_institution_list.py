"""/institutions/ and the API's list: the answer, whatever stands in the address, and its price."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.core.web import page_cache
from directory.register.models import Institution
from directory.register.services.changes import institutions_changed
from directory.search import indexing
from tests.factories.directory import DistrictFactory, InstitutionFactory
from tests.factories.pages import make_draft_plan
from tests.listed_town import Places, indexed, monday, places, town
from tests.search_contract import NOW

__all__ = ["indexed", "monday", "places", "town"]

pytestmark = pytest.mark.django_db
ASKED = {"age": "17", "date": "2026-11-26", "from": "14:00", "to": "17:00", "district": "jianxi"}


def read(client: Client, **query: str) -> str:
    response = client.get("/institutions/", query)
    assert response.status_code == 200
    return response.content.decode()


def shown(page: str) -> list[str]:
    """Names on the cards, in order, without marks."""
    found = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page)
    return [re.sub(r"</?mark>", "", name) for name in found]


def test_list_shows_the_district(client: Client, indexed: dict[str, Institution]) -> None:
    page = read(client, district="jianxi")

    assert len(shown(page)) == 5
    assert "共 5 家，按名称" in page
    assert "问一问" in page


@pytest.mark.parametrize("q", ["托班", "jianxi", "澗西"])
def test_words_are_found(client: Client, indexed: dict[str, Institution], q: str) -> None:
    assert "示例·武汉路幼儿园托班" in shown(read(client, q=q, district="jianxi"))


def test_those_who_can_come_first_then_a_rule(client: Client, indexed: dict[str, Institution], places: Places) -> None:
    places.free = {indexed["class"].pk: 4}

    page = read(client, **ASKED, near="410305001")

    assert shown(page)[0] == "示例·武汉路幼儿园托班"
    assert "5 家中 1 家能照看，按距离" in page
    assert "那天满 17 个月，托小班" in page
    for part in ("11月26日 周四", "14:00–17:00"):
        assert f'<span class="nowrap">{part}</span>' in page
    assert "珠江路附近" in page
    rules = re.findall(r'<h2 class="(rule small|hidden)">(.*?)</h2>', page)
    assert rules == [
        ("hidden", "能照看的 1 家"),
        ("rule small", "暂时不能照看的 4 家"),
        ("rule small", "位置未登记，量不出距离"),
    ]


def test_all_stand_together_if_wanted(client: Client, indexed: dict[str, Institution], places: Places) -> None:
    places.free = {indexed["class"].pk: 4}

    page = read(client, **ASKED, near="34.66,112.40", show="all")

    assert shown(page)[0] == "示例·小满托育园"
    assert "暂时不能照看" not in page


def test_card_leads_on_with_the_question(client: Client, indexed: dict[str, Institution]) -> None:
    page = read(client, **ASKED)

    address = (
        f"/institutions/{indexed['xiaoman'].public_id}/?age=17&amp;date=2026-11-26&amp;from=14%3A00&amp;to=17%3A00"
    )
    assert f'href="{address}"' in page


def test_changing_the_question_keeps_the_answers(client: Client, indexed: dict[str, Institution]) -> None:
    page = read(client, **ASKED)
    assert "age=17&amp;date=2026-11-26&amp;from=14%3A00&amp;to=17%3A00&amp;edit=1#ask" in page

    form = read(client, **ASKED, edit="1", mode="hourly")

    assert '<option value="17" selected>17 个月</option>' in form
    assert '<option value="2026-11-26" selected>11月26日 周四</option>' in form
    assert '<option value="14:00" selected>14:00</option>' in form
    assert '<input type="hidden" name="mode" value="hourly">' in form


def test_narrow_filters_offer_a_way_out(client: Client, indexed: dict[str, Institution]) -> None:
    page = read(client, district="hongqi", mode="half_month")

    assert "没有符合这些条件的机构" in page
    assert 'href="?district=hongqi">去掉筛选' in page


def test_district_without_institutions(client: Client, indexed: dict[str, Institution]) -> None:
    make_draft_plan(DistrictFactory(slug="xigong", name="西工区"))

    page = read(client, district="xigong")

    assert "西工区的名单还没有放到这里" in page
    assert "征求意见稿" in page


def test_district_comes_from_parameter_cookie_or_site(client: Client, indexed: dict[str, Institution]) -> None:
    first = client.get("/institutions/", {"district": "hongqi"})
    assert first.cookies["district"].value == "hongqi"
    assert shown(first.content.decode()) == ["示例·东街小天使乐园"]

    assert shown(read(client)) == ["示例·东街小天使乐园"]
    assert len(shown(read(client, district="jianxi"))) == 5
    assert "district" not in client.get("/institutions/", {"district": "nowhere"}).cookies


GARBAGE = [
    {"age": "x"},
    {"age": "-1"},
    {"age": "99999999999999999999"},
    {"age": "3"},
    {"date": "2026-13-45"},
    {"date": "1999-01-01"},
    {"date": "9999-12-31"},
    {"from": "25:00", "to": "x"},
    {"from": "17:00", "to": "14:00", "date": "2026-11-26", "age": "17"},
    {"near": "garbage"},
    {"near": "999,999"},
    {"near": "1e400,nan"},
    {"near": "000000000"},
    {"near": "410305002", "radius": "3"},
    {"radius": "nan"},
    {"radius": "-3", "near": "34.66,112.4"},
    {"radius": "1e999", "near": "34.66,112.4"},
    {"street": "' OR 1=1"},
    {"street": "410702001"},
    {"mode": "nope"},
    {"sort": "nope"},
    {"sort": "distance"},
    {"sort": "remaining"},
    {"page": "0"},
    {"page": "-1"},
    {"page": "99999999999999999999999"},
    {"page": "x"},
    {"inclusive": "maybe", "demonstration": "\x00"},
    {"q": "\x00"},
    {"q": "x" * 3000},
    {"q": "%' _ \" < > & \ud83d".encode("utf-8", "replace").decode()},
    {"district": "../../etc"},
    {"grade": "zzz", "show": "zzz", "edit": "zzz", "unknown": "1"},
]


@pytest.mark.parametrize("query", GARBAGE, ids=str)
def test_garbage_is_answered(client: Client, indexed: dict[str, Institution], query: dict[str, str]) -> None:
    assert "查找托育机构" in read(client, **{"district": "jianxi", **query})


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"age": "x"}, "没认出宝宝的月龄，请选一个月龄，或者出生的年月。"),
        ({"age": "3"}, "托育机构照看 6 个月到 3 岁的宝宝。"),
        ({"date": "2026-11-22"}, "这一天已经过去，请选今天或以后的日子。"),
        ({"near": "zz"}, "没认出「在哪附近」的位置，请从列表里选一个街道。"),
        ({"near": "410305002"}, "还不知道这个街道的中心在哪里，下面没有按距离排。"),
        ({"street": "410702001"}, "这个区里没有这个街道，下面是全区的机构。"),
    ],
)
def test_what_could_not_be_read_is_told(
    client: Client, indexed: dict[str, Institution], query: dict[str, str], words: str
) -> None:
    page = read(client, **{"district": "jianxi", **query})

    assert words in page
    assert len(shown(page)) == 5


@pytest.mark.parametrize(
    ("query", "words", "select"),
    [
        ({"age": ""}, "请选宝宝多大。", "age"),
        ({"age": "17", "date": "2026-11-26", "from": "17:00", "to": "14:00"}, "走的时间要晚于来的时间。", "to"),
    ],
)
def test_question_without_an_answer_is_open_again(
    client: Client, indexed: dict[str, Institution], query: dict[str, str], words: str, select: str
) -> None:
    page = read(client, **{"district": "jianxi", **query})

    assert f'<p class="error" id="ask-{select}-problem">{words}</p>' in page
    assert f'name="{select}" aria-invalid="true" aria-describedby="ask-{select}-problem"' in page
    assert page.count('class="error"') == 1
    assert (shown(page), "还没有放到这里" in page) == ([], False)


def test_last_page_stands_for_those_behind_it(client: Client, indexed: dict[str, Institution]) -> None:
    assert len(shown(read(client, district="jianxi", page="77"))) == 5


def test_large_type(client: Client, indexed: dict[str, Institution]) -> None:
    client.cookies["type"] = "large"

    assert 'data-type="large"' in read(client, **ASKED)


def test_queries_do_not_grow_with_rows(client: Client, indexed: dict[str, Institution], places: Places) -> None:
    counts = []
    for q in ("小满", "托育"):
        read(client, **ASKED, q=q)
        with CaptureQueriesContext(connection) as queries:
            page = read(client, **ASKED, q=q, near="34.66,112.40")
        counts.append((len(shown(page)), len(queries)))

    assert [number for number, _ in counts] == [1, 4]
    assert counts[0][1] == counts[1][1] <= 4


def test_drafts_are_a_stranger_to_the_list(client: Client, indexed: dict[str, Institution]) -> None:
    draft = InstitutionFactory(name="示例·草稿园", district=indexed["east"].district)
    indexing.index_institutions([draft.pk], now=NOW)

    assert shown(read(client, q="草稿园", district="hongqi")) == []
    assert client.get("/api/v1/institutions?q=草稿园").json()["count"] == 0


def test_visitors_without_session_share_a_kept_page(
    client: Client, indexed: dict[str, Institution], settings: Any
) -> None:
    settings.PAGE_CACHE_SECONDS = 30
    client.cookies["district"] = "jianxi"
    read(client, q="小满")
    with CaptureQueriesContext(connection) as queries:
        kept = client.get("/institutions/", {"q": "小满", "utm": "x"})

    assert page_cache.STAMP_HEADER in kept
    assert len(queries) <= 1


@pytest.mark.django_db(transaction=True)
def test_change_reaches_the_list_through_the_outbox(client: Client, indexed: dict[str, Institution]) -> None:
    Institution.objects.filter(pk=indexed["east"].pk).update(name="示例·南街托育园")
    institutions_changed(institution_ids=[indexed["east"].pk], now=NOW)

    call_command("run_jobs", once=True)

    assert shown(read(client, district="hongqi")) == ["示例·南街托育园"]


def test_command_fills_the_index(town: dict[str, Institution], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("search_index")
    assert "6 records written, 0 removed (database)." in capsys.readouterr().out

    call_command("search_index", rebuild=True)
    assert "6 records written, 0 removed (database)." in capsys.readouterr().out
