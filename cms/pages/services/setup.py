"""The pages an empty site needs; ``manage.py setup_site`` calls this on every start."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from cms.pages.models import (
    GuideIndexPage,
    HomePage,
    NoticeIndexPage,
    PolicyIndexPage,
    SiteSettings,
    StandardPage,
)
from cms.pages.services.policies import setup_policies
from directory.districts.models import District

TEXTS = Path(__file__).resolve().parent.parent / "texts"
HOME_SLUG = "home"
Block = dict[str, Any]


@transaction.atomic
def setup_pages(*, site_name: str, site_url: str, district: District | None = None) -> HomePage:
    """Make the home page, the index pages and the three statements where they are missing.

    What an editor wrote, renamed or took down stays as it is: pages are found by their slug and type. A statement that
    no editor has ever saved follows the text of this release.
    """
    _name_root()
    home = _ensure_home(site_name)
    _ensure_site(home, site_name=site_name, site_url=site_url, district=district)
    _ensure_child(home, PolicyIndexPage(title=_("政策文件"), slug="policies", show_in_menus=True))
    _ensure_policies(home)
    _ensure_child(home, GuideIndexPage(title=_("育儿指导"), slug="guides", show_in_menus=True))
    _ensure_child(home, NoticeIndexPage(title=_("公示与通知"), slug="notices", show_in_menus=True))
    for slug, title, name in (
        ("privacy", _("隐私政策"), "privacy"),
        ("children-privacy", _("儿童个人信息保护规则"), "children_privacy"),
        ("accessibility", _("无障碍声明"), "accessibility"),
    ):
        _ensure_text(home, StandardPage(title=title, slug=slug, body=read_text(name)))
    return home


def _name_root() -> None:
    """Wagtail's first page, above every site, is called in English; editors see its name where pages are moved."""
    Page.objects.filter(depth=1, title="Root").update(title=_("全部页面"), draft_title=_("全部页面"))


def read_text(name: str) -> list[Block]:
    """The blocks of a text in ``texts/``: `## ` heading, `- ` list, the rest paragraphs."""
    chunks = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return [block for chunk in chunks for block in _read_chunk(chunk.splitlines())]


def _read_chunk(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    if lines[0].startswith("## "):
        blocks.append({"type": "heading", "value": lines[0][3:]})
        lines = lines[1:]
    if lines:
        # The value of a rich-text block is HTML: this is content, as an editor would have written it.
        html = format_html_join("", "<p>{}</p>", ((line,) for line in lines if not line.startswith("- ")))
        items = format_html_join("", "<li>{}</li>", ((line[2:],) for line in lines if line.startswith("- ")))
        blocks.append({"type": "paragraph", "value": html + format_html("<ul>{}</ul>", items) if items else html})
    return blocks


def _ensure_home(site_name: str) -> HomePage:
    home: HomePage | None = HomePage.objects.first()
    if home is not None:
        return home
    root = Page.get_first_root_node()
    if root is None:
        root = Page.add_root(instance=Page(title=_("全部页面"), slug="root", locale=Locale.get_default()))
    home = HomePage(title=site_name, slug=f"{HOME_SLUG}-site" if _is_taken(root, HOME_SLUG) else HOME_SLUG)
    root.add_child(instance=home)
    return home


def _is_taken(parent: Page, slug: str) -> bool:
    """Wagtail's own first migration makes a welcome page with this slug."""
    return bool(parent.get_children().filter(slug=slug).exists())


def _ensure_site(home: HomePage, *, site_name: str, site_url: str, district: District | None) -> None:
    """The default site stands on the home page and knows its own address; the welcome page goes."""
    address = urlsplit(site_url)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    settled = site.pk is not None and HomePage.objects.filter(pk=site.root_page_id).exists()
    welcome = None if settled or site.pk is None else site.root_page
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.site_name = site.site_name or site_name
    if not settled:
        site.root_page = home
    site.save()
    if welcome is not None and welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()
    found, created = SiteSettings.objects.get_or_create(
        site=site, defaults={"site_name": site_name, "district": district}
    )
    if not created and found.district_id is None and district is not None:
        found.district = district
        found.save()


def _ensure_text(home: HomePage, page: StandardPage) -> None:
    untouched = StandardPage.objects.child_of(home).filter(slug=page.slug, latest_revision__isnull=True).first()
    if untouched is None:
        _ensure_child(home, page)
    elif _plain(untouched) != _plain(page):
        untouched.body = page.body
        untouched.save(update_fields=["body"])


def _plain(page: StandardPage) -> list[tuple[str, Any]]:
    """The blocks without the keys that saving gives them."""
    return [(block["type"], block["value"]) for block in page.body.raw_data]


def _ensure_policies(home: HomePage) -> None:
    """An editor may have moved or removed the list of policies; then there is no place for them."""
    index = PolicyIndexPage.objects.child_of(home).first()
    if index is not None:
        setup_policies(index)


def _ensure_child(home: HomePage, page: Page) -> None:
    if not _is_taken(home, page.slug):
        home.add_child(instance=page)
