"""The page of a district: parents first, the rest folded, each document once."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.districts.services.offices import correct_office
from directory.districts.services.setup import setup_districts
from tests.factories.directory import DistrictFactory, InstitutionFactory, OfficeFactory, RuleFactory, TownshipFactory
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def seeded() -> None:
    setup_districts()
    make_site()


def test_district_says_what_its_plan_says_and_where_it_stands(client: Client, seeded: None) -> None:
    html = text(client, "/districts/jianxi/")

    for words in (
        "涧西区的托育规定",
        "每千人口托位目标",
        "5.3 <small>个</small>",
        "2025 年已过，暂无完成数据",
        "90 <small>天</small>",
        "探索发行托育体验券",
        "「到2025年……全区千人托位数达到5.3个」",
        'href="/policies/plan-jianxi/"',
        'href="/institutions/?district=jianxi&amp;street=410305',
    ):
        assert words in html
    assert html.count("托育机构登记和备案办法（试行）（国卫办人口发〔2019〕25号）") == 1
    assert html.count("涧西区促进3岁以下婴幼儿照护服务发展实施方案") == 1
    assert "征求意见稿" not in html


def test_draft_is_marked_once_on_top_and_what_is_in_force_at_its_line(client: Client, seeded: None) -> None:
    html = text(client, "/districts/xigong/")

    assert "没有施行" in html
    assert html.count("征求意见稿") == 3  # the banner, the document's title and its state
    assert html.count('<span class="tag">全国规定</span>') == 3
    assert "每千人口托位（拟定）" in html


def test_what_is_to_check_is_not_shown(client: Client, seeded: None) -> None:
    for slug in ("jianxi", "huyi"):
        html = text(client, f"/districts/{slug}/")
        for words in ("240", "5.4", "20%", "新闻报道", "待核对"):
            assert words not in html


def test_documents_of_a_district_that_lists_none_are_shown(client: Client, seeded: None) -> None:
    html = text(client, "/districts/ninghe/")

    assert "法人登记证书、场地证明、人员资格和健康证明、卫生评价报告、消防合格证明" in html


def test_public_institutions_are_counted(client: Client) -> None:
    district = DistrictFactory()
    InstitutionFactory(district=district, public=True)
    InstitutionFactory(district=district)
    InstitutionFactory(public=True)

    assert "1 <small>家</small>" in text(client, f"/districts/{district.slug}/")


def test_earlier_address_leads_to_the_page(client: Client, seeded: None) -> None:
    response = client.get("/institutions/districts/jianxi/")

    assert (response.status_code, response.url) == (301, "/districts/jianxi/")


def test_unknown_district_is_404(client: Client) -> None:
    assert client.get("/districts/nowhere/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_page(client: Client, count: int) -> None:
    district = DistrictFactory()
    for number in range(count):
        RuleFactory(district=district, kind="milestone", value=None, due_year=2025 + number)
        TownshipFactory(district=district)
    address = f"/districts/{district.slug}/"
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        client.get(address)

    assert len(queries) == 7


def test_offices_are_named_with_duty_and_telephone(client: Client) -> None:
    make_site()
    district = DistrictFactory()
    OfficeFactory(
        district=district, department="womens_federation", name="区妇联", duty="护理讲座", phone="0379-12345678转801"
    )
    OfficeFactory(district=district, department="education", duty="幼儿园托班")
    OfficeFactory(district=district, department="commerce")
    OfficeFactory(department="street_office", duty="别的区的")

    html = text(client, f"/districts/{district.slug}/")

    assert "找哪个部门" in html
    assert html.index("区妇联") < html.index("护理讲座") < html.index('href="tel:037912345678"') < html.index("教体")
    assert html.count('href="tel:') == html.count("0379-12345678转801") == 1
    assert "商务" not in html
    assert "别的区的" not in html


def test_no_heading_without_offices(client: Client) -> None:
    make_site()
    district = DistrictFactory()
    OfficeFactory(district=district)

    assert "找哪个部门" not in text(client, f"/districts/{district.slug}/")


def test_change_of_an_office_is_on_the_page_at_once(client: Client, django_capture_on_commit_callbacks) -> None:
    make_site()
    office = OfficeFactory(duty="家长课堂")
    address = f"/districts/{office.district.slug}/"
    before = text(client, address)

    with django_capture_on_commit_callbacks(execute=True):
        correct_office(office=office, values={"duty": "亲子活动"}, now=timezone.now())

    assert "家长课堂" in before
    assert "亲子活动" in text(client, address)
