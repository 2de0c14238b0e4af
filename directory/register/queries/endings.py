"""When and why an institution ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from wagtail.models import ModelLogEntry

from cms.core.calendar.times import local_date
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class Ending:
    """The last day, and what staff wrote."""

    day: dt.date
    reason: str


def ending_of(institution: Institution) -> Ending | None:
    """The end as it was recorded, None where there is no entry; one query.

    The first release did not write the day: then it is the day of the entry.
    """
    entries = ModelLogEntry.objects.for_instance(institution).filter(action="directory.end")
    entry = entries.order_by("-timestamp", "-pk").first()
    if entry is None:
        return None
    written = entry.data.get("ended_date")
    day = dt.date.fromisoformat(written) if written else local_date(entry.timestamp)
    return Ending(day, entry.data.get("reason", ""))
