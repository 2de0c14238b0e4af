"""Signing up for a class session, cancelling, and attendance."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from booking.care.services import moves
from booking.care.services.sessions import Seat, book_session, cancel_session_booking
from booking.care.services.transition import Mover
from booking.places import refusals as booking_refusals
from booking.places.models import Booking, BookingEvent
from cms.accounts.family.services.families import ensure_family
from cms.accounts.models import Child, User
from cms.core.calendar.times import age_in_months, local_date
from cms.core.errors import NotFound
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.queries.sessions import public_session
from parenting.classes.queries.signups import active_signup, children_of
from parenting.classes.refusals import (
    AgeNotMeant,
    AlreadySignedUp,
    ChildBusy,
    ChildRequired,
    SessionFull,
    SessionNotThere,
    SignupClosed,
    TooLateToCancel,
)
from parenting.classes.services.notices import tell_cancelled, tell_signed_up


def sign_up(*, user: User, session: str, child: str | None, now: dt.datetime) -> ClassSignup:
    """Take a place in a session for a child of the user's family.

    ``session`` and ``child`` are public ids; ``child`` may be left out with one child. A 家长课堂 may
    also be attended by a family that has no child here yet. Raises the refusals of ``parenting.classes.refusals``.
    """
    found = public_session(session)
    places = found.places
    if places.cancelled_at or not places.signup_opens_at <= now < places.signup_closes_at:
        raise SignupClosed
    who = _choose_child(user, found, child)
    family = who.family if who else ensure_family(user=user, now=now).family
    if active_signup(found, family, who):
        raise AlreadySignedUp
    made: list[ClassSignup] = []

    def attach(booking: Booking) -> None:
        signup = ClassSignup.objects.create(booking=booking, session=found, family=family, child=who, created_at=now)
        made[:] = [signup]
        tell_signed_up(signup=signup, now=now)

    activity = found.kind == ClassSession.Kind.PARENT_CHILD_ACTIVITY
    seat = Seat(user=user, family=family, child=who, takes_child_slots=activity)
    try:
        book_session(seat=seat, cell=places.cell, attach=attach, now=now)
    except booking_refusals.Full as error:
        raise SessionFull from error
    except booking_refusals.Duplicate as error:
        raise (AlreadySignedUp if active_signup(found, family, who) else ChildBusy) from error
    return made[0]


def _choose_child(user: User, session: ClassSession, child: str | None) -> Child | None:
    children: list[Child] = children_of(user)
    if child:
        chosen = next((c for c in children if c.public_id == child), None)
        if chosen is None:
            raise NotFound
    elif len(children) == 1:
        chosen = children[0]
    elif not children and session.kind == ClassSession.Kind.PARENT_CLASS:
        return None
    else:
        raise ChildRequired(fields={"child": str(ChildRequired.message)})
    age = age_in_months(chosen.birth_date, local_date(session.starts_at))
    if not session.age_from <= age < session.age_to:
        raise AgeNotMeant(fields={"child": str(AgeNotMeant.message)})
    return chosen


def cancel_signup(*, user: User, session: str, child: str | None, now: dt.datetime) -> ClassSignup:
    """Give one's place back before the session begins. Raises ``NotFound`` when there is none."""
    found = ClassSignup.objects.filter(session__public_id=session, family__members__user=user).select_related(
        "booking", "session__places", "family"
    )
    if child:
        found = found.filter(child__public_id=child)
    signup = found.order_by("-active", "-pk").first()
    if signup is None:
        raise SessionNotThere
    if signup.active and signup.booking.starts_at <= now:
        raise TooLateToCancel
    cancel_signup_row(signup=signup, side=BookingEvent.Side.PARENT, actor=user, reason="", now=now)
    return signup


def cancel_signup_row(*, signup: ClassSignup, side: str, actor: User | None, reason: str, now: dt.datetime) -> None:
    """Cancel one sign-up; told to the family when it was not their own act."""

    def detach() -> None:
        ClassSignup.objects.filter(pk=signup.pk).update(active=False)
        if side != BookingEvent.Side.PARENT:
            tell_cancelled(signup=signup, reason=reason, now=now)

    if not signup.active:
        return
    cancel_session_booking(booking=signup.booking, by=Mover(side, actor, reason[:80]), detach=detach, now=now)
    signup.active = False


@transaction.atomic
def mark_attendance(*, actor: User, session: ClassSession, signup: str, came: bool | None, now: dt.datetime) -> None:
    """Mark a family as come or absent, or (``came`` None) take the last mark back; ``signup`` is a booking's id."""
    booking = session.signups.filter(booking__public_id=signup, active=True).values_list(
        "booking__public_id", flat=True
    )
    if not booking:
        raise SessionNotThere
    if came is None:
        moves.undo_mark(actor=actor, institution=None, booking=signup, now=now)
    elif came:
        moves.mark_arrived(actor=actor, institution=None, booking=signup, now=now, over_ok=True)
    else:
        moves.mark_absent(actor=actor, institution=None, booking=signup, now=now)
