"""A family's bookings, reached through its members; a booking of somebody else's is not there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from booking.places.models import Booking, BookingEvent, ChildSlot
from booking.places.states import OPEN, lapsed
from cms.accounts.models import User
from cms.core.errors import NotFound

Status = Booking.Status
#: For so long a family reads that a hold of theirs ran out.
LET_GO_SHOWN = dt.timedelta(days=7)


class BookingNotFound(NotFound):
    """No such booking in the user's family."""

    message = _("没有找到这次预约。")


def bookings_of(user: User) -> QuerySet[Booking]:
    """Care bookings of the user's family, with what a line of words needs."""
    found = Booking.objects.filter(family__members__user_id=user.pk, kind=Booking.Kind.CARE)
    return found.select_related("institution", "child", "product", "pool")


def booking_of(user: User, public_id: str) -> Booking:
    """One care booking of the user's family. Raises ``BookingNotFound`` for anybody else's."""
    found = bookings_of(user).filter(public_id=public_id).first()
    if found is None:
        raise BookingNotFound
    return found


def booking_in_the_way(
    user: User, *, child: str, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime
) -> Booking | None:
    """The first booking that has a child of the family (by public id) somewhere in that time: care, or a class that the
    child itself attends.
    """
    own = Booking.objects.filter(family__members__user_id=user.pk, child__public_id=child, status__in=OPEN)
    there = Exists(ChildSlot.objects.filter(booking=OuterRef("pk")))
    found = own.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).filter(Q(kind=Booking.Kind.CARE) | there)
    return found.select_related("institution").exclude(lapsed(now)).order_by("starts_at", "pk").first()


def coming_bookings(user: User, *, now: dt.datetime) -> QuerySet[Booking]:
    """What is still to come or under way, soonest first. A hold or request that ran out does not count."""
    found = bookings_of(user).filter(status__in=OPEN, ends_at__gt=now)
    return found.exclude(lapsed(now)).order_by("starts_at", "pk")


def count_coming_bookings(user: User, now: dt.datetime) -> int:
    """How many of them there are; the accounts ask here before they take something away."""
    return coming_bookings(user, now=now).count()


def past_bookings(user: User, *, now: dt.datetime) -> QuerySet[Booking]:
    """What is over, latest first.

    A hold that was never confirmed is no booking to the family. One that ran out is listed for ``LET_GO_SHOWN`` so that
    it does not vanish without a trace; one that the family gave back itself is left out.
    """
    lately = now - LET_GO_SHOWN
    given_back = _moved_out_of_hold(Status.CANCELLED)
    long_gone = Q(status=Status.HELD, expires_at__lte=lately) | Q(_moved_out_of_hold(Status.EXPIRED, until=lately))
    still_open = Q(status__in=OPEN, ends_at__gt=now) & ~lapsed(now)
    unfinished = Q(status=Status.HELD) & ~lapsed(now)
    found = bookings_of(user).exclude(still_open).exclude(unfinished).exclude(given_back).exclude(long_gone)
    return found.order_by("-starts_at", "-pk")


def holds_let_go(bookings: Iterable[Booking]) -> set[int]:
    """The keys of those bookings that ran out before the family confirmed them, as the sweeper noted; one query."""
    keys = [booking.pk for booking in bookings]
    moves = BookingEvent.objects.filter(booking__in=keys, from_status=Status.HELD, to_status=Status.EXPIRED)
    return set(moves.values_list("booking_id", flat=True))


def _moved_out_of_hold(to_status: str, *, until: dt.datetime | None = None) -> Exists:
    moves = BookingEvent.objects.filter(booking=OuterRef("pk"), from_status=Status.HELD, to_status=to_status)
    return Exists(moves.filter(at__lte=until) if until else moves)
