"""The audit log that staff see in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from wagtail.log_actions import log

#: Columns of which the history says only that they changed: it holds no personal data.
PERSONAL = frozenset({"phone", "head_name", "reasons"})


def record(*, instance: models.Model, action: str, actor: AbstractBaseUser | None, **data: Any) -> None:
    """An entry of the history that staff see in the admin; ``data`` is JSON and holds no personal data."""
    log(instance=instance, action=action, user=actor, data=data or None, content_changed=True)


def differences(instance: models.Model, values: dict[str, Any]) -> dict[str, list[str]]:
    """Which fields ``values`` would change, as field → [before, after] in words for the history; see ``PERSONAL``."""
    found = {}
    for name, after in values.items():
        before = getattr(instance, name)
        if before != after:
            found[name] = [_text(before), _text(after)]
    return without_personal(found)


def entered(values: dict[str, Any]) -> dict[str, list[str]]:
    """What a new row was given, in the form of ``differences``; what was left empty is left out."""
    found = {name: ["", _text(value)] for name, value in values.items() if value not in (None, "", [])}
    return without_personal(found)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def without_personal(changes: dict[str, list[str]]) -> dict[str, list[str]]:
    """Changes as the history may hold them: of what is personal only that it changed."""
    return {name: [] if name in PERSONAL else words for name, words in changes.items()}
