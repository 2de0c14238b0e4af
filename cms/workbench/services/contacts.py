"""A family's telephone numbers for the institution: decrypted on tap, logged, and only around the day of care."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from booking.places.models import Booking, BookingEvent
from cms.accounts.family.queries.contacts import Contact, contacts_of
from cms.accounts.family.queries.visibility import child_visible_on
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.models import User
from cms.core.errors import NotAllowed, NotFound
from cms.workbench.queries.rows import booking_here
from directory.register.models import Institution

#: Bookings whose family may be called: whoever holds a place, and whoever was marked today.
CALLABLE = frozenset({"requested", "confirmed", "arrived", "completed", "absent"})


class OutsideCallDays(NotAllowed):
    """The number is shown only from the day before to the day after."""

    code = "outside_call_days"
    message = _("电话只在托育前一天到后一天可以查看。")


def may_call(booking: Booking, now: dt.datetime) -> bool:
    """Whether the day of care is close enough. A family whom the house itself has called off may be told by voice."""
    if not child_visible_on(booking.service_date, now):
        return False
    return booking.status in CALLABLE or _called_off(booking)


def _called_off(booking: Booking) -> bool:
    """Whether the institution cancelled the booking, not the family."""
    by_house = BookingEvent.objects.filter(
        booking_id=booking.pk, to_status=Booking.Status.CANCELLED, side=BookingEvent.Side.INSTITUTION
    )
    return booking.status == Booking.Status.CANCELLED and by_house.exists()


@transaction.atomic
def reveal_contacts(*, actor: User, institution: Institution, booking: str, now: dt.datetime) -> list[Contact]:
    """The numbers of the family's adults, whoever booked first; writes the read log in the same transaction.

    Raises ``NotFound`` for another institution's booking, ``OutsideCallDays`` outside the three days.
    """
    found = booking_here(institution, booking)
    if found is None or found.child is None:
        raise NotFound
    if not may_call(found, now):
        raise OutsideCallDays
    contacts = contacts_of(found.family_id, first=found.created_by_id)
    log_child_access(
        children=found.child,
        actor=actor,
        place=institution.name,
        district_code=institution.district.code,
        purpose="phone",
        now=now,
    )
    return contacts
