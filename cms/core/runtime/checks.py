"""Rules of the project as Django system checks, so that nobody has to remember them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.urls import get_resolver
from wagtail.models import Page, Site

from cms.core.runtime import owner_words
from cms.core.runtime.env import is_loopback
from cms.core.runtime.ports import all_ports


def reserved_slugs() -> set[str]:
    """First words of addresses that the URL list answers before Wagtail is asked; no page may have one."""
    return _first_words(get_resolver().url_patterns) | {
        urlsplit(settings.STATIC_URL).path.strip("/"),
        urlsplit(settings.MEDIA_URL).path.strip("/"),
    }


def _first_words(patterns: Sequence[Any]) -> set[str]:
    """Of every pattern, and of the lists included without a prefix."""
    words = set()
    for pattern in patterns:
        whole = str(pattern.pattern)
        if not whole and hasattr(pattern, "url_patterns"):
            words |= _first_words(pattern.url_patterns)
        first = whole.split("/", 1)[0]
        if first and first.replace("-", "").isalnum():
            words.add(first)
    return words


def check_atomic_requests(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Reads stay outside transactions; a service opens its own."""
    found = [name for name, database in settings.DATABASES.items() if database.get("ATOMIC_REQUESTS")]
    return [Error(f"ATOMIC_REQUESTS is on for {name}.", id="core.E001") for name in found]


def check_demo_is_local(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The demo app shows codes in clear: it may be installed only where nobody else can reach it."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    if "cms.demo" in settings.INSTALLED_APPS and not is_loopback(host) and host != "testserver":
        return [Error("cms.demo is installed on a site that is not on the loopback interface.", id="core.E002")]
    return []


def check_slugs(
    *, app_configs: Sequence[AppConfig] | None = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """No page directly under a site's root hides behind an address of the URL list."""
    if not databases:
        return []
    reserved = reserved_slugs()
    try:
        roots = [site.root_page for site in Site.objects.select_related("root_page")]
        shadowed = [
            page for root in roots for page in Page.objects.child_of(root).filter(slug__in=reserved).only("pk", "slug")
        ]
    except DatabaseError:
        return []  # before the first migration there is no page that could hide
    return [Error(f"The page {page.slug!r} hides behind /{page.slug}/.", id="core.E003") for page in shadowed]


def check_ports(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every port is answered, apart from those that work without an answer."""
    unanswered = [port for port in all_ports() if not port.answered_by and not port.optional]
    return [Error(f"No app answers the port {port.name}.", hint=port.asks, id="core.E004") for port in unanswered]


def check_owner_words(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The texts about privacy name who runs the site. Production's own settings refuse to start without."""
    missing = owner_words.find_missing(settings.OWNER_WORDS)
    if not missing:
        return []
    return [Error(f"OWNER_WORDS lacks {', '.join(missing)}.", hint=f"It names {owner_words.HINT}.", id="core.E005")]


def register_all() -> None:
    """Register every check of this module with Django."""
    register(check_ports)
    register(check_atomic_requests)
    register(check_demo_is_local)
    register(check_slugs, Tags.database)
    register(check_owner_words, Tags.security, deploy=True)
