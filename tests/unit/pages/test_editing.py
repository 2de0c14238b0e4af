from __future__ import annotations

import pytest
from wagtail.models import Page

from cms.pages.models import GuidePage, PolicyIndexPage, PolicyPage, StandardPage
from tests.factories.accounts import UserFactory
from tests.factories.pages import make_guide, make_policy, make_site

pytestmark = pytest.mark.django_db


def form_for(model, parent, data, *, instance=None):
    form_class = model.get_edit_handler().get_form_class()
    form = form_class(
        {"comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0, "body-count": 0} | data,
        instance=instance or model(),
        parent_page=parent,
        for_user=UserFactory(is_superuser=True),
    )
    form.is_valid()
    return form


def test_empty_slug_becomes_the_pinyin_of_the_title():
    home = make_site()

    form = form_for(StandardPage, home, {"title": "关于我们"})

    assert form.cleaned_data["slug"] == "guan-yu-wo-men"


def test_empty_slug_of_a_second_page_gets_a_number():
    home = make_site()
    home.add_child(instance=StandardPage(title="关于我们"))

    form = form_for(StandardPage, home, {"title": "关于我们"})

    assert form.cleaned_data["slug"] == "guan-yu-wo-men-2"


@pytest.mark.parametrize("slug", ["admin", "api", "offline", "healthz"])
def test_slug_of_a_routed_address_is_refused(slug):
    home = make_site()

    form = form_for(StandardPage, home, {"title": "关于我们", "slug": slug})

    assert form.errors["slug"] == [f"「{slug}」已被网站的其他功能占用，请换一个"]


def test_policy_form_publishes_only_what_is_for_disclosure():
    make_site()
    parent = PolicyIndexPage.objects.get()

    form = form_for(PolicyPage, parent, {"title": "方案", "issuer": "区政府", "stage": "issued", "disclosure": "none"})

    assert form.errors["disclosure"] == ["「依申请公开」和「不予公开」的文件不能发布，请存为草稿"]


def test_policy_form_saves_a_draft_of_any_disclosure():
    make_site()
    parent = PolicyIndexPage.objects.get()
    form_class = PolicyPage.get_edit_handler().get_form_class()
    form = form_class(
        {
            "comments-TOTAL_FORMS": 0,
            "comments-INITIAL_FORMS": 0,
            "body-count": 0,
            "title": "方案",
            "issuer": "区政府",
            "stage": "issued",
            "disclosure": "none",
        },
        instance=PolicyPage(),
        parent_page=parent,
        for_user=UserFactory(is_superuser=True),
    )

    form.defer_required_fields()

    assert form.is_valid(), form.errors


def test_guide_form_wants_the_months_in_order():
    make_site()
    guide = make_guide()

    form = form_for(
        GuidePage,
        Page.objects.get(slug="guides"),
        {
            "title": "辅食",
            "month_from": 12,
            "month_to": 6,
            "domain": "feeding",
            "reviewer": "儿保科",
            "reviewed_date": "2026-10-01",
        },
        instance=guide,
    )

    assert form.errors["month_to"] == ["「到」要大于「从」"]


def test_page_made_by_code_gets_a_pinyin_slug():
    make_site()

    assert make_policy(title="涧西区方案").slug == "jian-xi-qu-fang-an"
