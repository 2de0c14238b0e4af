"""The calendar file of a booking (RFC 5545): UTC stamps, and nothing in it that names the child.

Calendars are copied to phones and clouds outside this site, so the file says where and when, not who.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from booking.places.models import Booking
from cms.core.security.codes import spell_reference

PRODUCT = "-//tuoyu//booking//ZH"


def calendar_file(booking: Booking, *, site: str, now: dt.datetime) -> bytes:
    """The file of one care booking; ``site`` is the address of this site without a closing slash.

    A request that the institution has not answered yet is tentative.
    """
    event = Event()
    event.add("uid", f"{booking.public_id}@{_host(site)}")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("dtstart", booking.starts_at.astimezone(dt.UTC))
    event.add("dtend", booking.ends_at.astimezone(dt.UTC))
    event.add("last-modified", booking.changed_at.astimezone(dt.UTC))
    waits = booking.status == Booking.Status.REQUESTED
    event.add("status", "TENTATIVE" if waits else "CONFIRMED")
    institution = booking.institution
    if institution is not None:
        event.add("summary", _("托育：%(institution)s") % {"institution": institution.name})
        event.add("location", institution.address)
    event.add("description", _("预约号 %(reference)s") % {"reference": spell_reference(booking.reference)})
    event.add("url", f"{site}/me/bookings/{booking.public_id}/")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _host(site: str) -> str:
    return site.partition("://")[2] or site
