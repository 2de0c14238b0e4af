"""What the site stores about a family, app by app: export it, erase it, or say why it can't be erased yet.

Every app that stores personal data registers its part at ``kernel_ports.personal_data``; 我的 only calls this module.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from cms.core.runtime.kernel_ports import DataHold, DataSection, PersonalDataScope
from cms.core.runtime.kernel_ports import personal_data as parts


def export_all(scope: PersonalDataScope) -> dict[str, Any]:
    """All data of the scope, by the names of the parts."""
    return {name: part.export(scope) for name, part in parts.all().items()}


def describe_all(scope: PersonalDataScope) -> list[DataSection]:
    """The same data in words, app after app."""
    return [section for part in parts.all().values() for section in part.describe(part.export(scope))]


def find_holds(scope: PersonalDataScope, *, now: dt.datetime) -> list[DataHold]:
    """Why the scope can't be erased yet, app after app; empty if it can."""
    found = [part.find_hold(scope, now) for part in parts.all().values() if part.find_hold is not None]
    return [hold for hold in found if hold is not None]


def erase_all(scope: PersonalDataScope, *, now: dt.datetime) -> None:
    """Let every app erase its part, the last registered first: upper apps point to lower ones."""
    for part in reversed(parts.all().values()):
        if part.erase is not None:
            part.erase(scope, now)
