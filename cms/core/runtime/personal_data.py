"""What the site keeps about a family, app by app: export it, erase it, or say why it can't be erased yet.

Every app that keeps personal data registers itself in `AppConfig.ready()`; 我的 only calls this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose data is meant: a user, the family, and which of its children.

    ``whole_account``: the user is erased too, not only children; ``whole_family``: nobody remains who could look after
    what the family shares.
    """

    user: Any
    family_id: int | None
    child_ids: tuple[int, ...]
    whole_account: bool = False
    whole_family: bool = False


Export = Callable[[Scope], Any]
Erase = Callable[[Scope, dt.datetime], None]
Hold = Callable[[Scope, dt.datetime], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One app's part of a family's data."""

    name: str
    export: Export
    erase: Erase | None
    hold: Hold | None


_parts: dict[str, Part] = {}


def register(name: str, export: Export, erase: Erase | None = None, *, hold: Hold | None = None) -> None:
    """Add an app's part.

    ``export`` gives what JSON can hold. ``erase`` runs in the transaction of the erasure and is idempotent; a part
    whose rows say nothing about a person once the child's record is empty needs none.
    ``hold`` gives a sentence for people if something must be ended first (a coming booking), else "".
    """
    _parts[name] = Part(name, export, erase, hold)


def export_all(scope: Scope) -> dict[str, Any]:
    """All data of the scope, by the names of the parts."""
    return {part.name: part.export(scope) for part in _parts.values()}


def find_holds(scope: Scope, *, now: dt.datetime) -> list[str]:
    """Why the scope can't be erased yet, in sentences; empty if it can."""
    found = [part.hold(scope, now) for part in _parts.values() if part.hold is not None]
    return [sentence for sentence in found if sentence]


def erase_all(scope: Scope, *, now: dt.datetime) -> None:
    """Let every app erase its part, the last registered first: upper apps point to lower ones."""
    for part in reversed(_parts.values()):
        if part.erase is not None:
            part.erase(scope, now)
