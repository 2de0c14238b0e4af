"""Whose visit it is, on pages that are otherwise the same for everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from cms.accounts.models import User
from directory.site.queries.children import AskedChild, children_to_ask_for


def visitor_children(request: HttpRequest, *, today: dt.date) -> list[AskedChild]:
    """The children of a signed-in parent. Without a session none: such a page is cached for everybody (ADR 3)."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
        return []
    return children_to_ask_for(request.user, today=today)


def keep_private(response: HttpResponse, children: Sequence[Any]) -> None:
    """A page that names children belongs to one family."""
    if children:
        patch_cache_control(response, private=True)
