"""The next booking on the first page of 我的."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.care.components.summary import free_cancel_words
from booking.places.models import Booking
from booking.places.states import may_cancel
from cms.core.calendar.times import local_date


@dataclass(frozen=True, slots=True)
class NextWords:
    """``free_cancel`` is "" where nothing can be called off any more."""

    when: str
    may_cancel: bool
    free_cancel: str


def next_words(booking: Booking, *, now: dt.datetime) -> NextWords:
    """How far away it is, and until when cancelling costs nothing."""
    open_still = may_cancel(booking, now=now)
    free_cancel = free_cancel_words(booking, now) if open_still else ""
    return NextWords(days_until(booking.service_date, local_date(now)), open_still, free_cancel)


def days_until(date: dt.date, today: dt.date) -> str:
    """「今天」, 「明天」, 「4 天后」."""
    left = (date - today).days
    if left <= 0:
        return _("今天")
    return _("明天") if left == 1 else _("%(count)s 天后") % {"count": left}
