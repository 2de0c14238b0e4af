"""What stands around every page: name, header, footer, tabs.

It is the same for every visitor of a site, so each process renders it once a minute and keeps the strings: a page
costs no query and no translated word for its frame (1.8 ms of 2.1 ms before, docs/adr/0011).
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from wagtail.models import Site

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from cms.pages.models import SiteSettings, StandardPage

KEPT_SECONDS = 60
MAX_HOSTS = 32
SECTIONS = {
    "": "home",
    "institutions": "institutions",
    "booking": "institutions",
    "classes": "classes",
    "me": "me",
    "sign-in": "me",
}
#: Booked is booked: from here on it goes on under 「我的」.
BOOKED = "/booking/done/"
_kept: dict[str, SiteFrame] = {}
_lock = threading.Lock()


@dataclass
class SiteFrame:
    """The frame of one site as of one version of the public pages; its parts are rendered when first asked for."""

    settings: SiteSettings
    links: list[dict[str, str]]
    version: int
    expires: float
    parts: dict[tuple[str, str, bool], SafeString] = field(default_factory=dict)

    def part(self, name: str, section: str = "", large: bool = False) -> SafeString:
        """``components/<name>.html`` for a section of the site and a size of type."""
        key = (name, section, large)
        if key not in self.parts:
            context = {
                "settings": self.settings,
                "links": self.links,
                "section": section,
                "large": large,
                "demo": settings.DEMO_INSTALLED,
            }
            self.parts[key] = render_to_string(f"components/{name}.html", context)
        return self.parts[key]


@dataclass(frozen=True)
class PageShell:
    """What ``base.html`` reads as ``frame``."""

    site: SiteFrame
    section: str
    large: bool

    @property
    def site_name(self) -> str:
        """The name in the header and in every title."""
        return self.site.settings.site_name

    @property
    def description(self) -> str:
        """One sentence for search engines, where a page has none of its own."""
        return self.site.settings.description

    @property
    def hotline(self) -> str:
        """The number as written."""
        return self.site.settings.hotline

    @property
    def hotline_digits(self) -> str:
        """The number as dialled."""
        return self.site.settings.hotline_digits

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration, which every page says on top."""
        return bool(settings.DEMO_INSTALLED)

    @property
    def base_url(self) -> str:
        """The site's own address without a slash at the end."""
        return str(settings.SITE_URL).rstrip("/")

    @property
    def head(self) -> SafeString:
        """Style sheet, icons and the script of every page."""
        return self.site.part("head")

    @property
    def header(self) -> SafeString:
        """Brand, navigation and the switch of the type size."""
        return self.site.part("header", self.section, self.large)

    @property
    def footer(self) -> SafeString:
        """What a public site must say of itself."""
        return self.site.part("footer")

    @property
    def tabs(self) -> SafeString:
        """The bar at the bottom of a phone."""
        return self.site.part("tabs", self.section)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every template."""
    path = request.path_info
    section = "me" if path.startswith(BOOKED) else SECTIONS.get(path[1:].partition("/")[0], "")
    return {"frame": PageShell(get_site_frame(request), section, getattr(request, "large_type", False))}


def get_site_frame(request: HttpRequest) -> SiteFrame:
    """The frame of the request's site, made again when its version rose or its minute is over."""
    host = request.META.get("HTTP_HOST", "")
    version = versions.current(PUBLIC_PAGES)
    kept = _kept.get(host)
    if kept is not None and kept.version == version and kept.expires > time.monotonic():
        return kept
    made = _make_site_frame(request, version)
    with _lock:
        if len(_kept) >= MAX_HOSTS:
            _kept.clear()
        _kept[host] = made
    return made


def forget_kept_frames() -> None:
    """Forget every cached frame (tests)."""
    with _lock:
        _kept.clear()


def _make_site_frame(request: HttpRequest, version: int) -> SiteFrame:
    site = Site.find_for_request(request)
    found = SiteSettings.for_site(site) if site is not None else SiteSettings()
    links = [{"url": page.url, "title": page.title} for page in _footer_pages(site)]
    seconds = 0 if settings.DEBUG else KEPT_SECONDS
    return SiteFrame(found, links, version, time.monotonic() + seconds)


def _footer_pages(site: Site | None) -> list[StandardPage]:
    """The plain pages directly under the home page: statements and rules."""
    if site is None:
        return []
    return list(StandardPage.objects.child_of(site.root_page).live().order_by("path"))
