"""A calendar file with one entry (RFC 5545): UTC stamps, and nothing in it that names a child.

Calendars are copied to phones and clouds outside this site, so the file says where and when, not who.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from icalendar import Calendar, Event

PRODUCT = "-//tuoyu//booking//ZH"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What the calendar shows; ``public_id`` stays the same, so a later file replaces an earlier one."""

    public_id: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    path: str
    summary: str = ""
    location: str = ""
    description: str = ""
    changed_at: dt.datetime | None = None
    tentative: bool = False


def calendar_file(entry: CalendarEntry, *, site: str, now: dt.datetime) -> bytes:
    """The file; ``site`` is the address of this site without a closing slash."""
    event = Event()
    event.add("uid", f"{entry.public_id}@{site.partition('://')[2] or site}")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", entry.starts_at.astimezone(dt.UTC))
    event.add("dtend", entry.ends_at.astimezone(dt.UTC))
    if entry.changed_at is not None:
        event.add("last-modified", entry.changed_at.astimezone(dt.UTC))
    event.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
    for name in ("summary", "location", "description"):
        if words := getattr(entry, name):
            event.add(name, words)
    event.add("url", f"{site}{entry.path}")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
