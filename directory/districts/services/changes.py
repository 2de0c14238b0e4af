"""What follows every change of the directory: the search index, kept pages, and the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from wagtail.log_actions import log

from cms.core.runtime import outbox, versions
from cms.core.security.codes import new_public_id
from cms.core.web.page_cache import PUBLIC_PAGES

SEARCH_TOPIC = "search.index"
INDEXED_AT_ONCE = 250


def institution_changed(*, institution_id: int, now: dt.datetime) -> None:
    """Index the institution again and drop kept pages, once the surrounding transaction has committed."""
    institutions_changed(institution_ids=[institution_id], now=now)


def institutions_changed(*, institution_ids: Iterable[int], now: dt.datetime) -> None:
    """The same for many by one INSERT, in batches that are indexed at once.

    Keys are new each time: the handler reads the institution as it then is, so one row too many costs little, and a
    second change after the first was delivered must not be dropped.
    """
    effects = [outbox.Effect(SEARCH_TOPIC, f"{pk}:{new_public_id()}", {"institution": pk}) for pk in institution_ids]
    outbox.emit_many(effects, now=now)
    versions.bump(PUBLIC_PAGES)


def record(*, instance: models.Model, action: str, actor: AbstractBaseUser | None, **data: Any) -> None:
    """An entry of the history that staff see in the admin; ``data`` is JSON and holds no personal data."""
    log(instance=instance, action=action, user=actor, data=data or None, content_changed=True)


def differences(instance: models.Model, values: dict[str, Any]) -> dict[str, list[str]]:
    """Which fields ``values`` would change, as field → [before, after] in words for the history."""
    found = {}
    for name, after in values.items():
        before = getattr(instance, name)
        if before != after:
            found[name] = ["" if before is None else str(before), "" if after is None else str(after)]
    return found
