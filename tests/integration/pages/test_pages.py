from __future__ import annotations

import datetime as dt

import pytest

from cms.pages.models import GuideIndexPage, NoticeIndexPage, PolicyIndexPage, SiteSettings
from tests.factories.pages import make_guide, make_notice, make_policy, make_site

pytestmark = pytest.mark.django_db


def test_policy_says_that_an_unknown_date_computes_nothing(client):
    make_site()
    page = make_policy(validity_years=5)

    html = client.get(page.url).content.decode()

    assert "日期待核，到期日不推算" in html


def test_draft_policy_carries_its_banner(client):
    make_site()
    page = make_policy(stage="draft")

    html = client.get(page.url).content.decode()

    assert "还没有施行，里面的数字和规定不作准。" in html


def test_expired_policy_keeps_its_address(client):
    make_site()
    page = make_policy(issued_date=dt.date(2015, 1, 1), validity_years=5)

    answer = client.get(page.url)

    assert (answer.status_code, "2020年1月1日起不再有效" in answer.content.decode()) == (200, True)


def test_draft_page_is_absent(client):
    make_site()
    page = make_policy(live=False)

    assert client.get(f"/policies/{page.slug}/").status_code == 404


@pytest.mark.parametrize("address", ["/policies/", "/guides/", "/notices/"])
@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_index_answers_any_page_number(client, address, page):
    make_site()

    assert client.get(address, {"page": page}).status_code == 200


@pytest.mark.parametrize("question", [{"age": "²"}, {"age": "x"}, {"age": "-1"}, {"domain": "x'"}, {"age": "999999"}])
def test_guides_answer_any_question(client, question):
    make_site()
    make_guide()

    assert "第" in client.get("/guides/", question).content.decode()


def test_guides_of_an_age_leave_out_the_others(client):
    make_site()
    make_guide(title="辅食", month_from=6, month_to=12)
    make_guide(title="如厕", month_from=18, month_to=36)

    html = client.get("/guides/", {"age": "9"}).content.decode()

    assert ("辅食" in html, "如厕" in html) == (True, False)


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(
    ("index", "make", "queries"),
    [
        (PolicyIndexPage, make_policy, 9),
        (GuideIndexPage, make_guide, 9),
        (NoticeIndexPage, make_notice, 9),
    ],
)
def test_index_asks_the_same_number_of_queries(client, django_assert_num_queries, index, make, queries, item_count):
    make_site()
    for _number in range(item_count):
        make()
    client.get("/")  # the frame and the site's root paths are kept

    with django_assert_num_queries(queries):
        client.get(index.objects.get().url)


def test_footer_leaves_out_what_is_empty(client):
    make_site()
    SiteSettings.objects.update(sponsor="区卫生健康委员会")

    html = client.get("/privacy/").content.decode()

    assert ("主办：区卫生健康委员会" in html, "ICP" in html, "网站标识码" in html) == (True, False, False)


def test_settings_saved_show_at_once(client, django_capture_on_commit_callbacks):
    make_site()
    client.get("/privacy/")
    settings = SiteSettings.objects.get()
    settings.site_name = "新的名字"

    with django_capture_on_commit_callbacks(execute=True):
        settings.save()

    assert "新的名字" in client.get("/privacy/").content.decode()


def test_large_type_is_a_mark_on_the_root(client):
    make_site()
    client.cookies["type"] = "large"

    assert 'data-type="large"' in client.get("/privacy/").content.decode()


def test_public_page_carries_no_token_and_sets_no_cookie(client):
    make_site()

    answer = client.get("/")

    assert ("csrfmiddlewaretoken" in answer.content.decode(), dict(answer.cookies)) == (False, {})
