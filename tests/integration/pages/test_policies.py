"""Policy pages for parents: what it says first, what is known of it on top, the rules folded; own district first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.districts.services.setup import setup_districts
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, RuleFactory
from tests.factories.pages import make_policy, make_site

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_page_says_summary_and_facts_before_the_rules(client: Client) -> None:
    setup_districts()
    make_site()

    html = text(client, "/policies/plan-hongqi/")

    order = [
        "每千常住人口 4.5 个托位",
        "文件信息",
        "红政办〔2022〕34号",
        'id="rules"',
        "办托育机构要知道的",
        "文件原文",
    ]
    places = [html.index(words) for words in order]
    assert places == sorted(places)
    assert html.count("文件没有写") == 2  # validity and disclosure
    assert 'href="/districts/hongqi/"' in html


def test_page_of_a_text_without_issuer_says_so(client: Client) -> None:
    setup_districts()
    make_site()

    html = text(client, "/policies/plan-xigong/")

    assert "文件上没有写" in html
    assert html.count("还没有施行，里面的数字和规定不作准。") == 1


def test_contents_lead_to_the_headings_of_the_text(client: Client) -> None:
    make_site()
    body = [
        {"type": "paragraph", "value": "<p>开头</p>"},
        {"type": "heading", "value": "目标要求"},
        {"type": "heading", "value": "主要任务"},
    ]
    page = make_policy(body=body)

    html = text(client, page.url)

    for number, words in ((2, "目标要求"), (3, "主要任务")):
        assert f'<a href="#part-{number}">{words}</a>' in html
        assert f'id="part-{number}"' in html
    assert "#part-1" not in html
    assert "#rules" not in html


def test_what_is_to_check_is_not_on_the_page(client: Client) -> None:
    make_site()
    document = PolicyDocumentFactory()
    RuleFactory(document=document, kind="video_days", value=90, text="不少于 90 天", state="draft")
    RuleFactory(document=document, kind="price_float", value=20, text="上浮两成", state="to_check")
    page = make_policy(document=document)

    html = text(client, page.url)

    assert ("不少于 90 天" in html, "上浮两成" in html) == (True, False)


def titles(html: str, *names: str) -> list[str]:
    return sorted(names, key=html.index)


def test_own_district_stands_first_then_the_newest(client: Client) -> None:
    own, other = DistrictFactory(slug="own", name="本区"), DistrictFactory(slug="other", name="别区")
    make_site(district=own)
    make_policy(title="别区新", district=other, issued_date=dt.date(2024, 1, 1), validity_years=5)
    make_policy(title="全国旧", issued_date=dt.date(2019, 1, 1))
    make_policy(title="本区旧", district=own, issued_date=dt.date(2020, 1, 1))
    make_policy(title="本区无日期", district=own)

    html = text(client, "/policies/")
    client.cookies["district"] = "other"
    chosen = text(client, "/policies/")

    names = ("本区旧", "本区无日期", "别区新", "全国旧")
    assert titles(html, *names) == ["本区旧", "本区无日期", "别区新", "全国旧"]
    assert titles(chosen, *names) == ["别区新", "本区旧", "全国旧", "本区无日期"]
    assert ("本区的文件" in html, "别区的文件" in chosen, "其他文件" in html) == (True, True, True)
    assert "2024年1月1日印发" in html
    assert "2029年1月1日起失效" in html


def test_site_without_a_district_lists_all_under_one_heading(client: Client) -> None:
    make_site()
    make_policy(title="全国")

    html = text(client, "/policies/")

    assert ("其他文件" in html, "的文件</h2>" in html) == (True, False)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(client: Client, count: int) -> None:
    district = DistrictFactory()
    make_site(district=district)
    for _ in range(count):
        make_policy(district=district)
    client.get("/policies/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/policies/?page=1")

    assert len(queries) == QUERIES


QUERIES = 8


def test_districts_are_on_both_maps_and_in_the_footer(client: Client) -> None:
    own, other = DistrictFactory(slug="own", name="本区"), DistrictFactory(slug="other", name="别区")
    make_site(district=own)

    page, xml = text(client, "/site-map/"), text(client, "/sitemap.xml")

    assert (page.count('href="/districts/own/"'), page.count('href="/districts/other/"')) == (2, 1)
    for district in (own, other):
        assert f"/districts/{district.slug}/</loc>" in xml
