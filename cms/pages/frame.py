"""What stands around every page: name, footer, current section. Kept for a minute, so a page costs no query for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Site

from cms.core import versions
from cms.core.page_cache import PUBLIC_PAGES
from cms.pages.models import SiteSettings, StandardPage

KEPT_SECONDS = 60
SECTIONS = {
    "": "home",
    "institutions": "institutions",
    "booking": "institutions",
    "classes": "classes",
    "me": "me",
    "sign-in": "me",
}


@dataclass(frozen=True)
class SiteFrame:
    """The part of the frame that is the same for every visitor of a site."""

    site_name: str
    description: str
    hotline: str
    hotline_digits: str
    footer: str


@dataclass(frozen=True)
class Frame:
    """What ``base.html`` reads as ``frame``."""

    site: SiteFrame
    section: str
    demo: bool
    base_url: str

    @property
    def site_name(self) -> str:
        """The name in the header and in every title."""
        return self.site.site_name

    @property
    def description(self) -> str:
        """One sentence for search engines, where a page has none of its own."""
        return self.site.description

    @property
    def hotline(self) -> str:
        """The number as written."""
        return self.site.hotline

    @property
    def hotline_digits(self) -> str:
        """The number as dialled."""
        return self.site.hotline_digits

    @property
    def footer(self) -> SafeString:
        """The footer as one string, rendered by our own template."""
        return mark_safe(self.site.footer)  # noqa: S308  # rendered and escaped in get_site_frame


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every template."""
    first = request.path_info.split("/", 2)[1] if request.path_info.startswith("/") else ""
    return {
        "frame": Frame(
            site=get_site_frame(request),
            section=SECTIONS.get(first, ""),
            demo=settings.DEMO_INSTALLED,
            base_url=settings.SITE_URL.rstrip("/"),
        )
    }


def get_site_frame(request: HttpRequest) -> SiteFrame:
    """Name and footer of the request's site, from the cache while its version stands."""
    key = f"frame:{versions.current(PUBLIC_PAGES)}:{request.META.get('HTTP_HOST', '')}"
    kept: SiteFrame | None = cache.get(key)
    if kept is None:
        kept = _make_site_frame(request)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _make_site_frame(request: HttpRequest) -> SiteFrame:
    site = Site.find_for_request(request)
    found = SiteSettings.for_site(site) if site is not None else SiteSettings()
    links = [{"url": page.url, "title": page.title} for page in _footer_pages(site)]
    return SiteFrame(
        site_name=found.site_name,
        description=found.description,
        hotline=found.hotline,
        hotline_digits=found.hotline_digits,
        footer=str(render_to_string("components/footer.html", {"settings": found, "links": links})),
    )


def _footer_pages(site: Site | None) -> list[StandardPage]:
    """The plain pages directly under the home page: statements and rules."""
    if site is None:
        return []
    return list(StandardPage.objects.child_of(site.root_page).live().order_by("path"))
