"""Words that find nothing on /institutions/: likely names and ways on, never an accusation; and the API's answer."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.register.models import Institution
from directory.register.services.institutions import correct_institution
from directory.search import indexing
from directory.site.queries.listing import ListQuestion
from directory.site.queries.missing import look_closer
from tests.factories.directory import DistrictFactory, RefusalFactory
from tests.listed_town import indexed, monday, places, town
from tests.search_contract import NOW

__all__ = ["indexed", "monday", "places", "town"]

pytestmark = pytest.mark.django_db
PASTED = "【涧西托育】示例·小满托育园 河南省洛阳市珠江路88号：空位、收费、备案信息"


def read(client: Client, q: str, **query: str) -> str:
    return client.get("/institutions/", {"district": "jianxi", "q": q, **query}).content.decode()


def shown(page: str) -> list[str]:
    return [re.sub(r"</?mark>", "", name) for name in re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page)]


def test_pasted_name_telephone_code_and_former_name_are_found(client: Client, indexed: dict[str, Institution]) -> None:
    correct_institution(institution=indexed["sunshine"], values={"name": "示例·日月园"}, now=timezone.now())
    indexing.index_institutions([indexed["sunshine"].pk], now=NOW)

    for q in (PASTED, "0379-64600008", "91410305MARP00171K"):
        page = read(client, q)
        assert shown(page) == ["示例·小满托育园"]
        assert "共 1 家" in page
        api = client.get("/api/v1/institutions", {"q": q}).json()
        assert (api["count"], [hit["name"] for hit in api["results"]]) == (1, ["示例·小满托育园"])
    assert shown(read(client, "阳光托育中心")) == ["示例·日月园"]


def test_typing_error_shows_the_nearest_names(client: Client, indexed: dict[str, Institution]) -> None:
    page = read(client, "小蛮")

    assert "没找到「小蛮」" in page
    assert shown(page)[0] == "示例·小满托育园"
    assert "您要找的是不是下面这几家？" in page
    main = page[page.index("<main") : page.index("</main>")]
    assert ("12345" in main, "没有在涧西区备案" in main) == (False, False)


def test_words_of_markup_are_text(client: Client, indexed: dict[str, Institution]) -> None:
    page = read(client, "<b>qqqq</b>")

    assert "没找到「&lt;b&gt;qqqq&lt;/b&gt;」" in page


def test_register_says_in_one_line_whom_it_lists(client: Client, indexed: dict[str, Institution]) -> None:
    words = "不在名单里的，请先问清有没有备案。"

    assert words in read(client, "")
    assert words not in read(client, "qqqq")


def test_where_else_the_words_are_found(indexed: dict[str, Institution]) -> None:
    def look(slug: str, q: str, **more: str):
        return look_closer(ListQuestion(district=districts[slug], q=q, **more))

    xigong = DistrictFactory(slug="xigong", name="西工区")
    districts = {each.district.slug: each.district for each in indexed.values()} | {"xigong": xigong}

    elsewhere = look("hongqi", "阳光托育")
    assert (elsewhere.has_list, elsewhere.unfiltered, elsewhere.elsewhere) == (True, 0, ["jianxi"])
    filtered = look("jianxi", "小满", mode="full_day")
    assert (filtered.unfiltered, filtered.elsewhere) == (1, [])
    nowhere = look("xigong", "qqqq")
    assert (nowhere.has_list, nowhere.unfiltered, nowhere.elsewhere, list(nowhere.nearest)) == (False, 0, [], [])


@pytest.mark.parametrize(
    ("q", "refused"),
    [
        ("qqq托育点甲", ["示例·qqq托育点甲"]),
        ("【公开】示例·qqq托育点甲 天津路12号", ["示例·qqq托育点甲"]),
        ("qqq", ["示例·qqq托育点甲", "示例·qqq乙"]),
        ("qq", []),
        ("qqq托育点丙", []),
    ],
)
def test_refused_name_is_known_by_its_words(indexed: dict[str, Institution], q: str, refused: list[str]) -> None:
    own = indexed["xiaoman"].district
    RefusalFactory(district=own, institution_name="示例·qqq乙", refused_date="2026-03-01")
    RefusalFactory(district=own, institution_name="示例·qqq托育点甲", refused_date="2026-04-01")
    RefusalFactory(district=own, institution_name="示例·qqq托育点甲", refused_date="2026-02-01")
    RefusalFactory(district=own, institution_name="示例·qqq托育点甲未公开", published_at=None)
    RefusalFactory(institution_name="示例·qqq别处")
    districts = {each.district.slug: each.district for each in indexed.values()}

    assert look_closer(ListQuestion(district=districts["jianxi"], q=q)).refused == refused


def test_refused_name_leads_to_its_reasons(client: Client, indexed: dict[str, Institution]) -> None:
    RefusalFactory(district=indexed["xiaoman"].district, institution_name="示例·qqq托育点甲")

    page = read(client, "qqq托育点甲")

    assert "「示例·qqq托育点甲」在「未通过备案的机构」里。" in page
    assert 'href="/institutions/refusals/?district=jianxi"' in page
    assert "在「未通过备案的机构」里" not in read(client, "qqqq")


@pytest.mark.parametrize("q", ["小蛮", "示力"])
def test_queries_do_not_grow_with_likely_names(client: Client, indexed: dict[str, Institution], q: str) -> None:
    read(client, q)
    with CaptureQueriesContext(connection) as queries:
        read(client, q)

    assert len(queries) == 15
