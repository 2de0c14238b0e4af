"""Nobody meets English in the admin: not on a page, not in what is read aloud, not in what a form answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse
from wagtail.log_actions import log, registry
from wagtail.models import Page

from directory.districts.models import District
from tests.admin_walk import Reader, english_in, walk
from tests.factories.directory import InstitutionProfileFactory, RefusalFactory, TitleFactory
from tests.factories.pages import make_guide, make_notice, make_policy
from tests.factories.parenting import ClassSessionFactory
from tests.factories.staff import client_of, grant_data, house, text

pytestmark = pytest.mark.django_db

ALLOWED = {
    # Keys, kinds of files and what Chinese sources write so.
    *("ctrl", "shift", "alt", "esc", "gif", "jpg", "jpeg", "png", "webp", "avif", "heic", "pdf", "docx", "xlsx"),
    *("csv", "txt", "zip", "mb", "excel", "gps", "wgs", "gcj", "bd", "totp", "http", "https"),
    # The person's own name, and examples of what is typed in small letters.
    *("jianxi", "health", "commission", "maternal", "child", "wang", "prices"),
}
PAGES = {
    "health_commission": {"institutions:index", "rules:index", "district-staff:index", "calendar-days:add"},
    "maternal_child_health": {"institutions:index", "wagtailsnippets_parenting_classsession:list"},
}


@pytest.fixture
def district(laid_site: None) -> District:
    """A site that is set up, with a row of everything that departments look after."""
    district = District.objects.get(slug="jianxi")
    institution = house(district, public=True, name="示例园")
    TitleFactory(institution=institution)
    InstitutionProfileFactory(institution=institution)
    RefusalFactory(district=district)
    ClassSessionFactory(district=district)
    for make in (make_policy, make_notice, make_guide):
        make()
    return district


@pytest.mark.parametrize("department", PAGES)
def test_no_page_has_english(district: District, department: str) -> None:
    found = {address: english_in(html, ALLOWED) for address, html in walk(client_of(district, department), "/admin/")}

    assert {address: words for address, words in found.items() if words} == {}
    assert {reverse(name) for name in PAGES[department]} - found.keys() == set()


def test_empty_form_says_what_to_do(district: District) -> None:
    page = text(client_of(district, "maternal_child_health").post(reverse("institutions:add"), {}))

    assert "请填写这一项。" in page
    assert "必需字段" not in page


def test_what_was_entered_is_called_new(district: District) -> None:
    client = client_of(district, "maternal_child_health")
    institution = house(district, name="第二园")
    client.post(reverse("authorisations:add"), grant_data(institution))
    log(instance=institution, action="wagtail.create")

    history = text(client.get(reverse("institutions:history", args=[institution.pk])))

    assert "新建" in history
    assert "创建时间" not in history
    assert [str(label) for action, label in registry.get_choices() if action == "wagtail.create"] == ["新建"]


def test_filters_are_called_what_the_columns_are(district: District) -> None:
    client = client_of(district, "maternal_child_health")
    labels = {
        name: [str(found.label) for found in client.get(reverse(f"{name}:index")).context["filters"].filters.values()]
        for name in ("institutions", "authorisations")
    }

    assert [word for word in labels["institutions"] if word in {"公开", "示范", "区"}] == ["公开", "示范", "区"]
    assert labels["authorisations"][-1] == "区"


@pytest.mark.parametrize(("value", "words"), [(True, "是"), (False, "否"), (None, "不知道")])
def test_a_mark_is_read_aloud_in_chinese(value: bool | None, words: str) -> None:
    cell = render_to_string("wagtailadmin/tables/boolean_cell.html", {"value": value, "column": {}})

    assert Reader(cell).texts == [words]


@pytest.mark.parametrize(
    ("context", "words"), [({"user": None, "username": "王"}, ["王"]), ({"user": None, "username": ""}, ["系统"])]
)
def test_what_nobody_published_was_the_systems_doing(context: dict[str, Any], words: list[str]) -> None:
    assert Reader(render_to_string("wagtailadmin/shared/user_avatar.html", context)).texts == words


def test_the_first_page_of_all_keeps_the_name_it_was_given(district: District) -> None:
    root = Page.objects.filter(depth=1)
    assert list(root.values_list("title", "draft_title")) == [("全部页面", "全部页面")]

    root.update(title="网站")
    call_command("setup_site")

    assert root.get().title == "网站"


def test_the_eye_says_that_it_leads_to_the_page(district: District) -> None:
    client = client_of(district, "maternal_child_health")
    parent = make_notice().get_parent()
    address = reverse("wagtailadmin_explore", args=[parent.pk])

    shown = Reader(text(client.get(address))).texts
    parent.specific.unpublish()
    hidden = Reader(text(client.get(address))).texts

    assert [shown.count(words) for words in ("在网站上看", "在网站上看，任何人都能看")] == [2, 1]
    assert [words for words in hidden if "在网站上看" in words] == []
