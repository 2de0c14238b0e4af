"""Sign-ups: a family's own, and a session's list."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.care.ports import ClassPage
from booking.places.models import Booking, BookingEvent
from cms.accounts.models import Child, Family, User
from parenting.classes.models import ClassSession, ClassSignup


def active_signup(session: ClassSession, family: Family, child: Child | None) -> ClassSignup | None:
    """The family's place for this child (or without one)."""
    return ClassSignup.objects.filter(session=session, family=family, child=child, active=True).first()


def signups_of(user: User, *, session: str, child: str | None) -> QuerySet[ClassSignup]:
    """The family's places in one session, the live one first, then those given back, latest first.

    ``child`` None = of every child, "" = the adult alone.
    """
    found = ClassSignup.objects.filter(session__public_id=session, family__members__user=user)
    if child is not None:
        found = found.filter(child__public_id=child) if child else found.filter(child__isnull=True)
    return found.order_by("-active", "-pk")


def my_signups(user: User, *, session: ClassSession | None = None) -> QuerySet[ClassSignup]:
    """The family's places, next first."""
    found = ClassSignup.objects.filter(family__members__user=user, active=True)
    if session is not None:
        found = found.filter(session=session)
    return found.select_related("session__places", "booking", "child").order_by("booking__starts_at", "pk")


def coming_signups(user: User, *, now: dt.datetime) -> QuerySet[ClassSignup]:
    """Those still to come."""
    return my_signups(user).filter(booking__ends_at__gt=now)


def past_signups(user: User, *, now: dt.datetime) -> QuerySet[ClassSignup]:
    """Those that are over, the last first."""
    return my_signups(user).filter(booking__ends_at__lte=now).order_by("-booking__starts_at", "-pk")


def page_of_booking(booking: Booking) -> ClassPage:
    """The class that a booking holds a place in. Raises ``DoesNotExist`` where it holds none."""
    session = ClassSignup.objects.select_related("session").get(booking=booking).session
    return ClassPage(session.title, session.get_absolute_url())


def expected(session: ClassSession) -> QuerySet[ClassSignup]:
    """The places that moving the session would move; who is marked as come or absent keeps the time."""
    return ClassSignup.objects.filter(session=session, booking__status=Booking.Status.CONFIRMED)


def signed_up(session: ClassSession) -> QuerySet[ClassSignup]:
    """Everybody who is told where the session does not take place, marked or not."""
    return ClassSignup.objects.filter(session=session, active=True)


def attendance(session: ClassSession) -> QuerySet[ClassSignup]:
    """Who is expected at a session, in order of sign-up."""
    return signed_up(session).select_related("booking", "child").order_by("created_at", "pk")


def called_off(session: ClassSession) -> QuerySet[ClassSignup]:
    """Who was signed up when the office called the session off, in order of sign-up: those cancelled by it, and those
    whose cancelling is still under way.
    """
    by_office = BookingEvent.objects.filter(
        booking=OuterRef("booking"), to_status=Booking.Status.CANCELLED, side=BookingEvent.Side.STAFF
    )
    found = ClassSignup.objects.filter(Q(active=True) | Exists(by_office), session=session)
    return found.select_related("booking", "child").order_by("created_at", "pk")
