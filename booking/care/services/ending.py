"""The end of a day that nobody answered: who was not checked out, and who was never marked.

Nothing is made up. The stay ends at its own time, as ``completed``; when the child left stays open, and whether it came
at all where nobody marked it. That is no absence: silence never counts against a family. Until somebody says what was,
the board asks; the manager corrects it for seven days.
"""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from booking.care.services.one_move import move_locked
from booking.care.services.transition import ActingParty
from booking.places.models import Booking, BookingEvent
from booking.places.services.locking import retry_once_when_locked
from booking.places.states import UNANSWERED, UNMARKED
from cms.core.calendar.times import local_date
from cms.core.runtime.failures import log_failure

BATCH = 200
#: How far back is looked, for nights on which no job ran.
REACH = dt.timedelta(days=90)

logger = logging.getLogger(__name__)


class StillOpen(Exception):
    """Some stays could not be ended; the log names them, the next night tries them again."""


def end_unanswered(*, now: dt.datetime) -> int:
    """End what is still open of the days before today, oldest first; returns how many. One that fails holds back no
    other; raises ``StillOpen`` in the end.
    """
    ended, tried, failed = 0, 0, 0
    due = _unanswered(now).order_by("pk").values_list("pk", flat=True)
    while ids := list(due.filter(pk__gt=tried)[:BATCH]):
        for pk in ids:
            try:
                ended += retry_once_when_locked(partial(_end, pk, now=now))
            except Exception as error:  # whatever it is, the other days end
                log_failure(logger, f"ending booking {pk}", error)
                failed += 1
        tried = ids[-1]
    if failed:
        raise StillOpen(failed)
    return ended


def _unanswered(now: dt.datetime) -> QuerySet[Booking]:
    """Care of the days before today on which a child is still awaited or in the room."""
    today = local_date(now)
    days = Booking.objects.filter(service_date__lt=today, service_date__gte=today - REACH)
    return days.filter(kind=Booking.Kind.CARE, status__in=UNMARKED)


@transaction.atomic
def _end(pk: int, *, now: dt.datetime) -> int:
    """One stay, as it is found under the lock; whoever answered meanwhile was quicker."""
    found = (
        _unanswered(now).filter(pk=pk).select_related("district").select_for_update(of=("self",), no_key=True).first()
    )
    if found is None:
        return 0
    by = ActingParty(BookingEvent.Side.SITE, None, UNANSWERED)
    move_locked(found, Booking.Status.COMPLETED, by=by, now=now, quiet=True, corrects=True)
    return 1
