from __future__ import annotations

import pytest
from wagtail.models import Page, Site

from cms.pages.models import HomePage, SiteSettings
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
    page.save_revision().publish()

    make_site()

    page.refresh_from_db()
    assert [block.value for block in page.body] == ["我们的"]


def test_setup_brings_a_statement_nobody_edited_up_to_date():
    home = make_site()
    page, other = (home.get_children().get(slug=slug).specific for slug in ("privacy", "accessibility"))
    page.body = [{"type": "heading", "value": "【待填】"}]
    page.save()
    before = other.body.raw_data[0]["id"]

    make_site()

    page.refresh_from_db()
    other.refresh_from_db()
    assert [(block["type"], block["value"]) for block in page.body.raw_data] == [
        (block["type"], block["value"]) for block in read_text("privacy")
    ]
    assert other.body.raw_data[0]["id"] == before


def test_setup_leaves_another_page_at_the_address_alone():
    home = make_site()
    home.get_children().get(slug="privacy").delete()
    HomePage.objects.get(pk=home.pk).add_child(instance=Page(title="另一页", slug="privacy"))

    make_site()

    assert list(Page.objects.filter(slug="privacy").values_list("title", flat=True)) == ["另一页"]


def test_setup_puts_the_site_on_its_address_and_district():
    district = DistrictFactory()

    setup_pages(site_name="涧西托育", site_url="https://tuoyu.example.cn", district=district)

    site = Site.objects.get()
    assert (site.hostname, site.port, SiteSettings.for_site(site).district) == ("tuoyu.example.cn", 443, district)


@pytest.mark.parametrize("path", ["/privacy/", "/children-privacy/", "/accessibility/"])
def test_statements_show_the_owners_words(client, settings, path):
    make_site()
    settings.OWNER_WORDS = dict.fromkeys(settings.OWNER_WORDS, "甲<乙")

    page = client.get(path).content.decode()

    assert "甲&lt;乙" in page
    assert "【" not in page.partition('<div class="prose">')[2]
