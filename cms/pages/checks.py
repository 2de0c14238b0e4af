"""What `check --deploy` says of the pages: texts of a first day that nobody has filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError

from cms.pages.queries import unfilled_pages


def check_unfilled_pages(*, app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """No published page still says 【待填】: an editor's own text doesn't follow ``OWNER_WORDS``."""
    try:
        pages = unfilled_pages()
    except DatabaseError:
        return []  # before the first migration there is no page
    return [
        CheckWarning(
            f"The page {page.title!r} ({page.url}) still says 【待填】.",
            hint="Fill it in under 页面 in the admin, or name the field in brackets so that OWNER_WORDS fills it.",
            id="pages.W001",
        )
        for page in pages
    ]


def register_all() -> None:
    """Register every check of this module with Django."""
    register(check_unfilled_pages, Tags.security, deploy=True)
