"""The calendar file of a booking; nothing in it names the child."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from booking.places.models import Booking
from cms.core.display import calendar_file as files
from cms.core.security.codes import spell_reference


def calendar_file(booking: Booking, *, site: str, now: dt.datetime) -> bytes:
    """The file of one care booking; ``site`` is the address of this site without a closing slash.

    A request that the institution has not answered yet is tentative.
    """
    institution = booking.institution
    entry = files.CalendarEntry(
        public_id=booking.public_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        path=f"/me/bookings/{booking.public_id}/",
        summary=_("托育：%(institution)s") % {"institution": institution.name} if institution else "",
        location=institution.address if institution else "",
        description=_("预约号 %(reference)s") % {"reference": spell_reference(booking.reference)},
        changed_at=booking.changed_at,
        tentative=booking.status == Booking.Status.REQUESTED,
    )
    return files.calendar_file(entry, site=site, now=now)
