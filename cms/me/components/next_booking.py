"""The next booking on the first page of 我的."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.care.components.summary import free_cancel_words
from booking.flow.components.states import status_words
from booking.places.models import Booking
from booking.places.states import may_cancel
from cms.core.calendar.times import local_date


@dataclass(frozen=True, slots=True)
class NextWords:
    """``free_cancel`` is "" where nothing can be called off any more. A hold (``is_held``) is to be confirmed first."""

    when: str
    status: str
    is_held: bool
    may_cancel: bool
    free_cancel: str


def next_words(booking: Booking, *, now: dt.datetime) -> NextWords:
    """How far away it is, and until when cancelling costs nothing."""
    is_held = booking.status == Booking.Status.HELD
    open_still = may_cancel(booking, now=now) and not is_held
    return NextWords(
        when=days_until(booking.service_date, local_date(now)),
        status=status_words(booking, now=now),
        is_held=is_held,
        may_cancel=open_still,
        free_cancel=free_cancel_words(booking, now) if open_still else "",
    )


def days_until(date: dt.date, today: dt.date) -> str:
    """「今天」, 「明天」, 「4 天后」."""
    left = (date - today).days
    if left <= 0:
        return _("今天")
    return _("明天") if left == 1 else _("%(count)s 天后") % {"count": left}
