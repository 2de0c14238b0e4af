"""Wagtail's own signals that make kept pages stale; the act itself is a call of ``cms.core.runtime.versions``."""

from __future__ import annotations

from typing import Any

from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES


def forget_kept_pages(**kwargs: Any) -> None:
    """What an editor published, took down or moved is seen at once, not after thirty seconds."""
    versions.bump(PUBLIC_PAGES)


def connect() -> None:
    """Listen to every change of what the public sees of a page."""
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(forget_kept_pages, dispatch_uid=f"pages.forget_kept_pages.{id(signal)}")
