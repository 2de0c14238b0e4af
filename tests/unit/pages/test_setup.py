from __future__ import annotations

import pytest
from wagtail.models import Page, Site

from cms.pages.models import SiteSettings
from cms.pages.services.setup import read_text, setup_pages
from tests.factories.directory import DistrictFactory
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db


def test_setup_makes_the_tree_of_an_empty_site():
    home = make_site()

    assert [page.url for page in home.get_children()] == [
        "/policies/",
        "/guides/",
        "/notices/",
        "/privacy/",
        "/children-privacy/",
        "/accessibility/",
    ]


def test_setup_twice_changes_nothing():
    make_site()
    before = list(Page.objects.order_by("pk").values())

    make_site()

    assert list(Page.objects.order_by("pk").values()) == before


def test_setup_takes_wagtails_welcome_page_away():
    home = make_site()

    assert list(Page.objects.filter(depth=2).values_list("pk", flat=True)) == [home.pk]


def test_setup_keeps_what_an_editor_wrote():
    home = make_site()
    page = home.get_children().get(slug="privacy").specific
    page.body = [{"type": "heading", "value": "我们的"}]
    page.save()

    make_site()

    page.refresh_from_db()
    assert [block.value for block in page.body] == ["我们的"]


def test_setup_puts_the_site_on_its_address_and_district():
    district = DistrictFactory()

    setup_pages(site_name="涧西托育", site_url="https://tuoyu.example.cn", district=district)

    site = Site.objects.get()
    assert (site.hostname, site.port, SiteSettings.for_site(site).district) == ("tuoyu.example.cn", 443, district)


@pytest.mark.parametrize("name", ["privacy", "children_privacy", "accessibility"])
def test_texts_begin_with_what_is_left_to_fill_in(name):
    first = read_text(name)[0]

    assert first["type"] == "notice"
    assert "待填" in first["value"]["text"]
