"""Published pages with 【待填】: named by `check --deploy` and to whoever may edit them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.checks.registry import registry
from django.db import DatabaseError
from wagtail.models import Page

from cms.pages import checks
from cms.pages.checks import check_unfilled_pages
from cms.pages.components import SHOWN, unfilled_texts
from cms.pages.models import HomePage, StandardPage
from cms.pages.queries import unfilled_pages
from tests.factories.accounts import StaffUserFactory
from tests.factories.pages import make_guide, make_notice, make_policy, make_site

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
GAP = [{"type": "paragraph", "value": "<p>运营单位：【待填：单位全称】</p>"}]
FULL = [{"type": "paragraph", "value": "<p>把表上待填的格子填好，运营单位：【单位全称】</p>"}]


@pytest.fixture(autouse=True)
def home() -> HomePage:
    return make_site()


def write(home: HomePage, title: str, body: Any = GAP, **fields: Any) -> StandardPage:
    page: StandardPage = home.add_child(instance=StandardPage(title=title, body=body, **fields))
    return page


def titles() -> list[str]:
    return [page.title for page in unfilled_pages()]


def test_fresh_site_has_none() -> None:
    assert (titles(), check_unfilled_pages(), unfilled_texts(StaffUserFactory(is_superuser=True), NOW)) == ([], [], [])


def test_page_that_an_editor_kept_with_it_is_named(home: HomePage) -> None:
    write(home, "旧隐私政策", slug="old-privacy")
    write(home, "写好的", FULL)

    [warning] = check_unfilled_pages()

    assert titles() == ["旧隐私政策"]
    assert (warning.id, warning.msg) == (
        "pages.W001",
        "The page '旧隐私政策' (/old-privacy/) still says 【待填】.",
    )


def test_every_type_of_page_and_every_text_is_looked_at_in_the_order_of_the_tree(home: HomePage) -> None:
    make_notice(title="公示", body=GAP)
    make_guide(title="指导", body=[{"type": "quote", "value": {"text": "x", "source": "【待填：文号】"}}])
    make_policy(title="方案", issuer="【待填】")
    write(home, "【待填：标题】", FULL)
    write(home, "简介", FULL, search_description="【待填】")

    assert titles() == [page.title for page in Page.objects.order_by("path") if page.title in titles()]
    assert sorted(titles()) == sorted(["公示", "指导", "方案", "【待填：标题】", "简介"])


def test_only_what_the_public_reads_counts(home: HomePage) -> None:
    write(home, "草稿", live=False)
    draft = write(home, "改好的", FULL)
    draft.body = GAP
    draft.save_revision()

    assert titles() == []


def test_page_is_named_until_it_is_filled_in(home: HomePage) -> None:
    page = write(home, "隐私")
    assert titles() == ["隐私"]

    page.body = FULL
    page.save_revision().publish()

    assert titles() == []


def test_number_of_queries_does_not_grow_with_the_pages(home: HomePage, django_assert_max_num_queries: Any) -> None:
    write(home, "第一页")
    unfilled_pages()
    with django_assert_max_num_queries(20) as one:
        unfilled_pages()
    for number in (2, 3):
        write(home, f"第{number}页")

    with django_assert_max_num_queries(len(one)):
        assert len(unfilled_pages()) == 3


def test_site_editor_is_told_and_others_are_not(home: HomePage) -> None:
    page = write(home, "旧隐私政策")
    editor, stranger = StaffUserFactory(is_superuser=True), StaffUserFactory()
    stranger.groups.add(Group.objects.get_or_create(name="x")[0])

    [line] = unfilled_texts(editor, NOW)

    assert (line.words, line.url) == (
        "「旧隐私政策」里还有【待填】，家长看得到，请补上",
        f"/admin/pages/{page.pk}/edit/",
    )
    assert unfilled_texts(stranger, NOW) == []


def test_lines_are_few(home: HomePage) -> None:
    for number in range(SHOWN + 1):
        write(home, f"第{number}页")

    assert len(unfilled_texts(StaffUserFactory(is_superuser=True), NOW)) == SHOWN
    assert len(check_unfilled_pages()) == SHOWN + 1


def test_check_runs_before_a_deployment_and_without_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> list[Page]:
        raise DatabaseError

    monkeypatch.setattr(checks, "unfilled_pages", fail)

    assert check_unfilled_pages in registry.deployment_checks
    assert check_unfilled_pages not in registry.registered_checks
    assert check_unfilled_pages() == []
