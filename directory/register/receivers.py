"""Wagtail publishes profiles by itself: an editor or a date that has come; no service of ours is called."""

from __future__ import annotations

from typing import Any

from wagtail.signals import published, unpublished

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register.models import InstitutionProfile


def drop_cached_pages(**kwargs: Any) -> None:
    """What was published or taken down is seen at once."""
    versions.bump(PUBLIC_PAGES)


def connect() -> None:
    """Listen to every change of what the public sees of a profile."""
    for signal in (published, unpublished):
        signal.connect(
            drop_cached_pages, sender=InstitutionProfile, dispatch_uid=f"register.drop_cached_pages.{id(signal)}"
        )
