"""The row of 我的 that leads to all bookings."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from booking.care.queries.bookings import coming_bookings, past_bookings
from cms.accounts.models import User
from cms.accounts.ports import Card


def bookings_card(user: User, now: dt.datetime) -> Card:
    """「以后 2 次，已结束 5 次」; two queries."""
    counts = {"coming": coming_bookings(user, now=now).count(), "past": past_bookings(user, now=now).count()}
    note = _("以后 %(coming)s 次，已结束 %(past)s 次") % counts
    return Card(order=10, icon="calendar", label=_("全部预约"), url_name="me:bookings", note=note)
