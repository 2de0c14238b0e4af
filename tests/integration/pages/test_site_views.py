from __future__ import annotations

import pytest

from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import DistrictStaffFactory, InstitutionFactory
from tests.factories.pages import make_policy, make_site
from tests.factories.workbench import browser, caregiver_of

pytestmark = pytest.mark.django_db


def test_site_map_lists_every_published_page(client):
    make_site()
    page = make_policy(title="涧西区方案")
    make_policy(title="草稿方案", live=False)

    html = client.get("/site-map/").content.decode()

    assert (page.url in html, "草稿方案" in html) == (True, False)


@pytest.mark.parametrize(
    ("work", "links"),
    [(None, (True, True)), ("parent", (False, False)), ("caregiver", (True, False)), ("district", (False, True))],
)
def test_site_map_leads_to_work_only_who_works_there(work, links):
    make_site()
    users = {
        "parent": UserFactory,
        "caregiver": lambda: caregiver_of(InstitutionFactory()),
        "district": lambda: DistrictStaffFactory(user=StaffUserFactory()).user,
    }

    html = browser(users[work]() if work else None).get("/site-map/").content.decode()

    assert ('href="/workbench/"' in html, 'href="/admin/"' in html) == links


@pytest.mark.parametrize("item_count", [1, 3])
def test_site_map_asks_the_same_number_of_queries(client, django_assert_num_queries, item_count):
    make_site()
    for _number in range(item_count):
        make_policy()
    client.get("/privacy/")

    with django_assert_num_queries(4):
        client.get("/site-map/")


def test_robots_keep_out_of_what_is_private(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert {"Disallow: /me/", "Disallow: /booking/", "Disallow: /workbench/"} <= set(lines)


def test_sitemap_names_published_pages(client):
    make_site()
    page = make_policy()

    assert f"<loc>http://testserver{page.url}</loc>" in client.get("/sitemap.xml").content.decode()


def test_page_that_was_lost_is_tried_again_at_its_own_address(client):
    make_site()

    page = client.get("/offline/").content.decode()

    assert "没有网络" in page
    assert '<a class="button" href="">再试一次</a>' in page


def test_form_that_was_lost_has_done_nothing(client):
    make_site()

    page = client.get("/offline/form/").content.decode()

    assert "刚才这一步没有送出" in page
    assert "还没约上" in page
    assert "约好的时间" not in page
    assert '<a class="button" href="" data-lost-form>' in page


def test_staff_without_a_network_are_told_what_they_can_do_and_nothing_of_parents(client):
    make_site()

    page = client.get("/offline/workbench/").content.decode()

    assert "没有网络" in page
    assert "签到、离园先记在纸上" in page
    assert ("约好的时间" in page, "找托育" in page, 'href="/me/"' in page) == (False, False, False)
    assert '<a class="button" href="">再试一次</a>' in page
    assert 'href="/workbench/"' in page


def test_form_of_staff_that_was_lost_may_have_arrived(client):
    make_site()

    page = client.get("/offline/workbench/form/").content.decode()

    assert "不知道刚才这一步记上没有" in page
    assert ("没有送出" in page, "预约、报名" in page) == (False, False)
    assert '<a class="button" href="" data-lost-form>' in page


def test_service_worker_may_rule_the_whole_site(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert 'PAGE = "/offline/"' in answer.content.decode()
    assert 'FORM = "/offline/form/"' in answer.content.decode()
    assert (
        'STAFF = { root: "/workbench/", page: "/offline/workbench/", form: "/offline/workbench/form/" }'
        in answer.content.decode()
    )


def test_missing_page_says_where_to_go_on(client):
    make_site()

    answer = client.get("/nowhere/")

    assert (answer.status_code, "没有这个页面" in answer.content.decode()) == (404, True)
