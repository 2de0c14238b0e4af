"""What a parent has chosen so far, shown beside the steps on wide screens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cms.core.display import wording
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class SoFar:
    """The choice in words; what is not chosen yet is empty."""

    institution: Institution
    child: str = ""
    mode: str = ""
    day: str = ""
    hours: str = ""
    price: str = ""


def day_and_hours(day: dt.date | None, span: tuple[dt.time, dt.time] | None) -> dict[str, str]:
    """The parts of a :class:`SoFar` that the question brought along."""
    return {"day": wording.day(day) if day else "", "hours": wording.period(*span) if span else ""}
