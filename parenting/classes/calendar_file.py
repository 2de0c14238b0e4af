"""The calendar file of a class; the same for everybody."""

from __future__ import annotations

import datetime as dt

from cms.core.display import calendar_file as files
from parenting.classes.models import ClassSession


def calendar_file(session: ClassSession, *, site: str, now: dt.datetime) -> bytes:
    """Title, time and place; ``site`` is the address of this site without a closing slash."""
    entry = files.CalendarEntry(
        public_id=session.public_id,
        starts_at=session.places.starts_at,
        ends_at=session.places.ends_at,
        path=session.get_absolute_url(),
        summary=session.title,
        location=" ".join(filter(None, (session.venue, session.address))),
    )
    return files.calendar_file(entry, site=site, now=now)
