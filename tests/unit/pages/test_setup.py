from __future__ import annotations

import datetime as dt

import pytest
from wagtail.models import Page, Site

from cms.accounts.family.consent_text import CHILD_DATA_TEXT
from cms.accounts.family.services.consents import publish_text
from cms.core.calendar.times import at
from cms.core.web import page_cache
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


def test_rules_about_children_are_in_force_from_the_day_their_version_was_published(client):
    make_site()
    before = client.get("/children-privacy/").content.decode()
    page_cache.store.clear()
    publish_text(kind="child-data", version="1", title="题", text="一", now=at(dt.date(2026, 11, 3), dt.time(9)))
    publish_text(kind="child-data", version="2", title="题", text="二", now=at(dt.date(2026, 11, 28), dt.time(0)))

    after = client.get("/children-privacy/").content.decode()

    assert "本规则自公布之日起施行" in before
    assert "本规则自2026年11月28日起施行" in after
    assert "〔" not in after


def test_rules_about_children_say_what_guardians_and_carers_may_do():
    whole = "".join(block["value"] for block in read_text("children_privacy"))

    assert "照护人（老人、阿姨）：能看、预约和取消，不能代替监护人同意或删除" in whole
    assert "另一位监护人：和您一样" in whole
    assert "每登记一个宝宝" in whole
    for text in (whole, CHILD_DATA_TEXT.partition("\n\n")[0]):
        assert "先取消" in text
        assert "随时" not in text
