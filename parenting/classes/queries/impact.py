"""Sign-ups for classes that are held at an institution: the register asks what stopping care there touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from booking.places.models import Booking
from cms.core.calendar.times import at, local
from directory.register.ports import Touched
from parenting.classes.models import ClassSignup


def touched_classes(
    *,
    institution_id: int,
    first: dt.date,
    last: dt.date | None,
    class_kind: str,
    minutes: tuple[int, int],
    only_waiting: bool,
    now: dt.datetime,
) -> Sequence[Touched]:
    """Classes' answer to the port ``register.impact``; one query.

    A class is the department's: closing its house does not cancel it, so people have to see to it. One class of the
    house that is closed, or a stop of new bookings alone, does not touch it.
    """
    if class_kind or only_waiting:
        return []
    found = ClassSignup.objects.filter(
        session__host=institution_id,
        session__places__cancelled_at__isnull=True,
        booking__status=Booking.Status.CONFIRMED,
        booking__starts_at__gt=now,
        booking__service_date__gte=first,
    )
    if last is not None:
        found = found.filter(booking__service_date__lte=last)
    bookings = [signup.booking for signup in found.select_related("booking").order_by("booking__starts_at", "pk")]
    return [
        Touched(one.pk, one.family_id, one.child_id, one.starts_at, one.ends_at, is_ended=False)
        for one in bookings
        if _overlaps(one, minutes)
    ]


def _overlaps(booking: Booking, minutes: tuple[int, int]) -> bool:
    """Whether it takes place at any of these minutes of its day."""
    midnight = at(local(booking.starts_at).date(), dt.time.min)
    since, until = (midnight + dt.timedelta(minutes=minute) for minute in minutes)
    return booking.starts_at < until and booking.ends_at > since
