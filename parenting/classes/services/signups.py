"""Signing up for a class session, and giving the place back."""

from __future__ import annotations

import datetime as dt
from functools import partial

from django.db import transaction

from booking.care.services.expiry import expire_overdue_of_child
from booking.care.services.sessions import Seat, cancel_session_bookings, lock_session_booking, take_session_place
from booking.care.services.transition import ActingParty
from booking.places import refusals as booking_refusals
from booking.places.models import Booking, BookingEvent
from booking.places.services.locking import retry_once_when_locked
from cms.accounts.family.queries.families import child_of, children_of, family_of
from cms.accounts.family.services.families import ensure_family, lock_child
from cms.accounts.models import Child, Family, User
from cms.core.calendar.times import age_in_months, local_date
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.queries.sessions import public_session, remaining, signup_state
from parenting.classes.queries.signups import active_signup, signups_of
from parenting.classes.refusals import (
    AgeNotMeant,
    ChildBusy,
    ChildRequired,
    SessionFull,
    SessionNotThere,
    SignupClosed,
    TooLateToCancel,
)
from parenting.classes.services.locking import lock_session
from parenting.classes.services.notices import notify_cancelled, notify_given_back, notify_signed_up


def sign_up(*, user: User, session: str, child: str | None, now: dt.datetime) -> ClassSignup:
    """Take a place in a session for a child of the user's family. Again: the place that is there already.

    ``session`` and ``child`` are public ids; ``child`` may be left out with one child. A 家长课堂 may
    also be attended by a family that has no child here yet. Raises the refusals of ``parenting.classes.refusals``.
    """
    found = public_session(session)
    who = _choose_child(user, found, child)
    family = family_of(user)
    made = active_signup(found, family, who) if family else None
    if made is not None:
        return made
    # A refusal costs a look; who passes is looked at again under the lock.
    _check_may_sign_up(found, who, now=now)
    if who is not None:
        expire_overdue_of_child(who.pk, now=now)
    family = family or ensure_family(user=user, now=now).family
    return retry_once_when_locked(partial(_take_place, found.pk, user, family, who, now=now))


@transaction.atomic
def _take_place(session_id: int, user: User, family: Family, child: Child | None, *, now: dt.datetime) -> ClassSignup:
    session = lock_session(session_id)
    made = active_signup(session, family, child)
    if made is not None:
        return made
    if child is not None:
        child = lock_child(child.pk, family_id=family.pk, no_key=True)
    _check_may_sign_up(session, child, now=now)
    activity = session.kind == ClassSession.Kind.PARENT_CHILD_ACTIVITY
    seat = Seat(user=user, family=family, child=child, takes_child_slots=activity)
    try:
        booking = take_session_place(seat=seat, cell=session.places.cell, now=now)
    except booking_refusals.Full as error:
        raise SessionFull from error
    except booking_refusals.Duplicate as error:
        raise ChildBusy from error
    signup = ClassSignup.objects.create(
        booking=booking,
        district_id=booking.district_id,
        session=session,
        family=family,
        child=child,
        created_at=now,
    )
    notify_signed_up(signup=signup, now=now)
    return signup


def _choose_child(user: User, session: ClassSession, child: str | None) -> Child | None:
    if child:
        return child_of(user, child)
    children = list(children_of(user))
    if len(children) == 1:
        return children[0]
    if not children and session.kind == ClassSession.Kind.PARENT_CLASS:
        return None
    raise ChildRequired(fields={"child": str(ChildRequired.message)})


def _check_may_sign_up(session: ClassSession, child: Child | None, *, now: dt.datetime) -> None:
    if signup_state(session, now=now) != "open":
        raise SignupClosed
    if child is not None:
        age = age_in_months(child.birth_date, local_date(session.places.starts_at))
        if not session.age_from <= age < session.age_to:
            raise AgeNotMeant(fields={"child": str(AgeNotMeant.message)})
    if not remaining(session):
        raise SessionFull


def cancel_signup(*, user: User, session: str, child: str | None, now: dt.datetime) -> ClassSignup:
    """Give one's place back before the session begins; cancelling twice answers the same.

    ``child`` is a public id, "" for the place of the adult alone, and may be left out where the family has had one
    place. Raises ``SessionNotThere`` where there is none, ``ChildRequired``, ``TooLateToCancel``, and booking's
    ``WrongState`` once the family was marked as come.
    """
    signup = _own_signup(user, session, child)
    if signup.active:
        retry_once_when_locked(partial(_cancel_own, signup, user, now=now))
        signup.active = False
    return signup


def _own_signup(user: User, session: str, child: str | None) -> ClassSignup:
    """The place meant, the live one before those given back earlier.

    Without ``child`` a repeated call must not reach the place of a second child, so places given back count too.
    """
    places = list(signups_of(user, session=session, child=child))
    if not places:
        raise SessionNotThere
    if child is None and places[0].active and len({place.child_id for place in places}) > 1:
        raise ChildRequired(fields={"child": str(ChildRequired.message)})
    return places[0]


@transaction.atomic
def _cancel_own(signup: ClassSignup, user: User, *, now: dt.datetime) -> None:
    booking = lock_session_booking(signup.booking_id)
    if booking.status == Booking.Status.CANCELLED:
        return
    if booking.starts_at <= now:
        raise TooLateToCancel
    _close(signup, booking, by=ActingParty(BookingEvent.Side.PARENT, user), now=now)
    notify_given_back(signup=signup, now=now)


def cancel_by_host(*, signup: ClassSignup, actor: User | None, reason: str, act: str, now: dt.datetime) -> None:
    """Cancel one place because the session does not take place, and tell the family, once for each ``act``.

    Who was marked as come or absent keeps the mark and is told too: the session may break off midway. Who gave the
    place back meanwhile is left alone.
    """
    retry_once_when_locked(partial(_cancel_by_host, signup, actor, reason, act, now=now))


@transaction.atomic
def _cancel_by_host(signup: ClassSignup, actor: User | None, reason: str, act: str, *, now: dt.datetime) -> None:
    booking = lock_session_booking(signup.booking_id)
    if booking.status == Booking.Status.CONFIRMED:
        _close(signup, booking, by=ActingParty(BookingEvent.Side.STAFF, actor, reason), now=now)
    elif booking.status == Booking.Status.CANCELLED or not _is_called_off(signup.session_id):
        return
    notify_cancelled(signup=signup, reason=reason, act=act, now=now)


def _is_called_off(session_id: int) -> bool:
    """By now it may have been opened again, and whoever came is in the right place."""
    return SessionPlaces.objects.filter(session=session_id, cancelled_at__isnull=False).exists()


def _close(signup: ClassSignup, booking: Booking, *, by: ActingParty, now: dt.datetime) -> None:
    ClassSignup.objects.filter(pk=signup.pk).update(active=False)
    cancel_session_bookings(bookings=[booking], by=by, now=now)
