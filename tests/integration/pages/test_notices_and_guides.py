"""Notices lead to what they name; guides lead on."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from wagtail.models import Page

from cms.pages.models import NoticeInstitution, NoticePage
from cms.pages.templatetags.pages import link_lists
from directory.register.models import Institution
from tests.constraints import refuses
from tests.factories.directory import InstitutionFactory
from tests.factories.pages import make_guide, make_notice, make_site

pytestmark = pytest.mark.django_db
REFUSED = '<a href="/institutions/refusals/">未通过公开</a>'
NAMES = '<a href="/institutions/">托育机构名单</a>'


@pytest.fixture(autouse=True)
def site() -> None:
    make_site()


def name(page: NoticePage, *institutions: Institution) -> None:
    for order, institution in enumerate(institutions):
        NoticeInstitution.objects.create(page=page, institution=institution, sort_order=order)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>理由见「未通过公开」。</p>", f"<p>理由见「{REFUSED}」。</p>"),
        ("详情见托育机构名单。", f"详情见{NAMES}。"),
        ("见机构名单", '见<a href="/institutions/">机构名单</a>'),
        ("未通过备案的机构", '<a href="/institutions/refusals/">未通过备案的机构</a>'),
        ('<a href="/x/">看<b>托育机构名单</b></a>', '<a href="/x/">看<b>托育机构名单</b></a>'),
        ('<img alt="托育机构名单">', '<img alt="托育机构名单">'),
        ("名单、公开 &lt;b&gt;", "名单、公开 &lt;b&gt;"),
        ("未通过公开，未通过公开", f"{REFUSED}，{REFUSED}"),
    ],
)
def test_names_of_the_lists_lead_there(text: str, shown: str) -> None:
    assert link_lists(text, SimpleNamespace()) == shown


def test_lists_are_those_of_the_pages_district() -> None:
    page = SimpleNamespace(district=SimpleNamespace(slug="xigong"))

    assert link_lists("机构名单", page) == '<a href="/institutions/?district=xigong">机构名单</a>'
    assert link_lists("机构名单", SimpleNamespace(district=None)) == '<a href="/institutions/">机构名单</a>'


def test_notice_lists_the_public_institutions_it_names_in_order(client: Client) -> None:
    page = make_notice(body=[{"type": "paragraph", "value": "<p>详情见托育机构名单</p>"}])
    second, first = (InstitutionFactory(public=True) for _number in range(2))
    draft, other = InstitutionFactory(), InstitutionFactory(public=True)
    name(page, first, draft, second)

    html = client.get(page.url).content.decode()

    assert page.named_institutions() == [first, second]
    assert [html.count(row.get_absolute_url()) for row in (first, second, draft, other)] == [1, 1, 0, 0]
    assert NAMES in html


def test_notice_that_names_nobody_has_no_heading_for_it(client: Client) -> None:
    assert "公示里的机构" not in client.get(make_notice().url).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_notice_takes_the_same_statements_for_one_and_three(
    client: Client, django_assert_num_queries, count: int
) -> None:
    page = make_notice()
    name(page, *InstitutionFactory.create_batch(count, public=True))
    client.get(page.url)

    with django_assert_num_queries(NOTICE_QUERIES):
        client.get(page.url)


NOTICE_QUERIES = 11


@pytest.mark.parametrize(("kind", "links"), [("refusal", 1), ("filing", 0)])
def test_notice_of_a_refusal_leads_to_the_reasons(client: Client, kind: str, links: int) -> None:
    html = client.get(make_notice(kind=kind).url).content.decode()

    assert html.count("未通过备案的机构") == links


def test_institution_stands_once_in_a_notice() -> None:
    page, institution = make_notice(), InstitutionFactory(public=True)
    name(page, institution)
    name(make_notice(), institution)

    refuses("notice_institution_once", lambda: name(page, institution))


def test_copy_of_a_notice_names_the_same_institutions() -> None:
    page = make_notice()
    institution = InstitutionFactory(public=True)
    name(page, institution)

    copy = page.copy(update_attrs={"slug": "copy"})

    assert NoticePage.objects.get(pk=copy.pk).named_institutions() == [institution]


def test_guide_leads_to_classes_and_to_guides_of_the_same_months(client: Client) -> None:
    guide = make_guide(title="这一篇", month_from=6, month_to=12)
    overlaps = [make_guide(title=f"重叠{a}", month_from=a, month_to=b) for a, b in ((0, 7), (11, 24))]
    make_guide(title="之前", month_from=0, month_to=6)
    make_guide(title="之后", month_from=12, month_to=24)
    hidden = make_guide(title="草稿", month_from=6, month_to=12)
    Page.objects.get(pk=hidden.pk).unpublish()

    html = client.get(guide.url).content.decode()

    assert [row.title for row in guide.list_same_age()] == [row.title for row in overlaps]
    assert '/classes/?age_months=6"' in html
    assert [words in html for words in ("重叠0", "重叠11", "之前", "之后", "草稿")] == [True, True, False, False, False]


def test_guide_names_four_others_at_most() -> None:
    guide = make_guide()
    for _number in range(5):
        make_guide()

    assert len(guide.list_same_age()) == 4
