"""Sign-ups for classes that are held at an institution: the register asks what stopping care there touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from booking.places.models import Booking
from cms.core.calendar.times import at, local
from directory.register.ports import Touched
from directory.register.queries.impact import Impact
from parenting.classes.enums import SessionMove
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.queries.signups import expected, signed_up
from parenting.classes.queries.staff import places_of


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
    return [_touched(one, is_ended=False) for one in bookings if _overlaps(one, minutes)]


def impact_of_cancelling(session: ClassSession) -> Impact:
    """Whose places end where the session does not take place; one query."""
    return _impact(signed_up(session))


def impact_of_moving(session: ClassSession) -> Impact:
    """Whose places follow the session to a new time or place; one query."""
    return _impact(expected(session))


class Plan(NamedTuple):
    """When and where a session is, or would be."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    venue: str
    address: str


def plan_of(holder: ClassSession | SessionPlaces) -> Plan:
    """What the text says, or what the families were told last."""
    return Plan(holder.starts_at, holder.ends_at, holder.venue, holder.address)


def move_of(before: Plan, after: Plan) -> SessionMove | None:
    """How ``after`` moves the session, None where it stays; a venue that was not noted counts as unchanged."""
    in_time = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    in_space = bool(before.venue) and (before.venue, before.address) != (after.venue, after.address)
    if in_time and in_space:
        return SessionMove.BOTH
    if in_time:
        return SessionMove.TIME
    return SessionMove.VENUE if in_space else None


def move_by_publishing(session: ClassSession, plan: Plan, *, now: dt.datetime) -> SessionMove | None:
    """How publishing the session with this plan would move it for its families; None where it is over, called off or
    new.
    """
    places = places_of(session)
    if places is None or places.cancelled_at is not None or places.ends_at <= now:
        return None
    return move_of(plan_of(places), plan)


def mark_of_moving(move: SessionMove, impact: Impact) -> str:
    """Differs as soon as the session moves otherwise, or other families move with it."""
    return f"{move}-{impact.mark}"


def _impact(signups: QuerySet[ClassSignup]) -> Impact:
    bookings = [signup.booking for signup in signups.select_related("booking").order_by("pk")]
    return Impact([_touched(booking, is_ended=True) for booking in bookings])


def _touched(booking: Booking, *, is_ended: bool) -> Touched:
    return Touched(booking.pk, booking.family_id, booking.child_id, booking.starts_at, booking.ends_at, is_ended)


def _overlaps(booking: Booking, minutes: tuple[int, int]) -> bool:
    """Whether it takes place at any of these minutes of its day."""
    midnight = at(local(booking.starts_at).date(), dt.time.min)
    since, until = (midnight + dt.timedelta(minutes=minute) for minute in minutes)
    return booking.starts_at < until and booking.ends_at > since
