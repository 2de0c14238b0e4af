"""From the staff's text to places that can be taken: publishing, changing, cancelling and taking down a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from booking.care.services.sessions import (
    SessionChange,
    cancel_session_bookings,
    change_session_cell,
    create_session_cell,
    lock_confirmed,
)
from booking.care.services.transition import ActingParty
from booking.places.models import Booking, BookingEvent
from booking.places.services.cells import set_targets
from booking.places.services.locking import retry_once_when_locked
from cms.accounts.models import User
from cms.core.runtime import versions
from cms.core.runtime.outbox import emit
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register.queries.impact import Impact
from parenting.classes.enums import SessionMove
from parenting.classes.models import ClassSession, ClassSignup, SessionPlaces
from parenting.classes.queries.impact import (
    impact_of_cancelling,
    impact_of_moving,
    mark_of_moving,
    move_by_publishing,
    move_of,
    plan_of,
)
from parenting.classes.refusals import CancelReasonMissing, SessionOver, SignedUpMeanwhile
from parenting.classes.services.locking import lock_session
from parenting.classes.services.notices import promise_notices
from parenting.classes.services.one_by_one import one_by_one
from parenting.classes.services.signups import cancel_by_host

T = TypeVar("T")
TOPIC_CANCELLED = "parenting.session_cancelled"
#: What ``SessionPlaces`` takes over from the text.
CARRIED = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at", "venue", "address")


def apply_session(*, session: ClassSession, now: dt.datetime) -> SessionPlaces:
    """Carry a published session over to its pool, cell and window; idempotent.

    A new time moves the bookings with it; of a new time or place the families are notified after the commit. A new kind
    takes or gives back the children's time; fewer places than taken leave it over by n. What was taken down opens
    again, for new sign-ups. A session that is over or was cancelled keeps its times and places: then the text alone is
    new. Raises ``Busy``.
    """
    return retry_once_when_locked(partial(_apply, session.pk, now=now))


@transaction.atomic
def _apply(session_id: int, *, now: dt.datetime) -> SessionPlaces:
    session = lock_session(session_id)
    versions.bump(PUBLIC_PAGES)
    places = _places_of(session)
    if places is None:
        return _open(session)
    if places.taken_down:
        _reopen(places, session, now=now)
    elif places.cancelled_at is None and places.ends_at > now:
        move = move_of(plan_of(places), plan_of(session))
        bookings = lock_confirmed(places.cell)
        change = _change(places, session, bookings, now=now)
        if move:
            promise_notices(session=session, notice=move, bookings=bookings, now=now)
        promise_notices(session=session, notice="child_needed", bookings=change.busy, now=now)
    return places


def _places_of(session: ClassSession) -> SessionPlaces | None:
    return SessionPlaces.objects.select_related("cell", "session__district").filter(session=session).first()


def _open(session: ClassSession) -> SessionPlaces:
    cell = create_session_cell(
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=session.capacity,
        district_id=session.district_id,
    )
    return SessionPlaces.objects.create(session=session, cell=cell, **_carried(session))


def _reopen(places: SessionPlaces, session: ClassSession, *, now: dt.datetime) -> None:
    """Whoever was signed up is cancelled and notified by now, or here; they may sign up again."""
    left = lock_confirmed(places.cell)
    by = ActingParty(BookingEvent.Side.STAFF, None, places.cancel_reason)
    cancel_session_bookings(bookings=left, by=by, now=now)
    ClassSignup.objects.filter(booking__in=left).update(active=False)
    promise_notices(session=session, notice="cancelled", bookings=left, reason=places.cancel_reason, now=now)
    places.cancelled_at, places.cancel_reason, places.taken_down = None, "", False
    _change(places, session, [], now=now)


def _change(
    places: SessionPlaces, session: ClassSession, bookings: list[Booking], *, now: dt.datetime
) -> SessionChange:
    """Write the new times, window, venue, places and kind; ``bookings`` are those that follow."""
    for name, value in _carried(session).items():
        setattr(places, name, value)
    places.save()
    return change_session_cell(
        cell=places.cell,
        bookings=bookings,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=session.capacity,
        district_id=session.district_id,
        takes_child_slots=session.kind == ClassSession.Kind.PARENT_CHILD_ACTIVITY,
        now=now,
    )


def _carried(session: ClassSession) -> dict[str, Any]:
    return {name: getattr(session, name) for name in CARRIED}


def publish_as_seen(
    publish: Callable[[], T], *, session: ClassSession, seen: str, now: dt.datetime
) -> tuple[T, SessionMove | None, Impact]:
    """Publish the session's new text and carry it over in one transaction; returns the answer of ``publish``, how the
    session moved, and whose places moved with it.

    ``seen`` is the mark of the families that the person saw counted, compared once nobody else can sign up. Raises
    ``SignedUpMeanwhile``, ``Busy``.
    """

    def act() -> tuple[T, SessionMove | None, Impact]:
        locked = lock_session(session.pk)
        move = move_by_publishing(locked, plan_of(session), now=now)
        impact = impact_of_moving(locked) if move else Impact([])
        if move and impact.touched and seen != mark_of_moving(move, impact):
            raise SignedUpMeanwhile
        return publish(), move, impact

    return retry_once_when_locked(transaction.atomic(act))


def cancel_session(
    *, session: ClassSession, reason: str, actor: User | None, now: dt.datetime, seen: str | None = None
) -> Impact | None:
    """Cancel a session for good: nobody can sign up any more, and everyone signed up is notified after the commit.

    Returns whose places end. One that was taken down does not open again either. None, and nothing happens, where it
    had been cancelled for good before. ``seen`` is the mark of the families that the person saw counted. Raises
    ``CancelReasonMissing``, ``SessionOver``, ``SignedUpMeanwhile``, ``Busy``.
    """
    reason = reason.strip()
    if not reason:
        raise CancelReasonMissing
    return retry_once_when_locked(partial(_cancel, session.pk, reason, actor, now=now, seen=seen))


@transaction.atomic
def _cancel(session_id: int, reason: str, actor: User | None, *, now: dt.datetime, seen: str | None) -> Impact | None:
    session = lock_session(session_id)
    places = _places_of(session)
    if places is None or (places.cancelled_at is not None and not places.taken_down):
        return None
    if places.ends_at <= now:
        raise SessionOver
    impact = impact_of_cancelling(session)
    if seen is not None and seen != impact.mark:
        raise SignedUpMeanwhile
    places.taken_down = False
    _call_off(places, reason=reason, actor=actor, now=now)
    log(instance=session, action="parenting.cancel", user=actor, data={"reason": places.cancel_reason})
    return impact


def take_down_session(*, session: ClassSession, reason: str, actor: User | None, now: dt.datetime) -> None:
    """An unpublished session is cancelled, until it is published again; one that is over only leaves the lists.

    Raises ``Busy``.
    """
    retry_once_when_locked(partial(_take_down, session.pk, reason, actor, now=now))


@transaction.atomic
def _take_down(session_id: int, reason: str, actor: User | None, *, now: dt.datetime) -> None:
    places = _places_of(lock_session(session_id))
    if places is None or places.cancelled_at is not None or places.ends_at <= now:
        return
    places.taken_down = True
    _call_off(places, reason=reason, actor=actor, now=now)


def _call_off(places: SessionPlaces, *, reason: str, actor: User | None, now: dt.datetime) -> None:
    places.cancelled_at, places.cancel_reason = now, reason[:120]
    places.save()
    versions.bump(PUBLIC_PAGES)
    set_targets({places.cell_id: 0})
    # Under the lock: who signs up after a reopening has a higher id and is no part of this.
    last = ClassSignup.objects.filter(session=places.session_id).aggregate(last=Max("pk"))["last"]
    if last is None:
        return
    payload = {
        "session": places.session_id,
        "reason": places.cancel_reason,
        "actor": actor.pk if actor else None,
        "last": last,
    }
    emit(
        topic=TOPIC_CANCELLED,
        key=f"{places.session_id}-{now.timestamp()}",
        payload=payload,
        now=now,
        district_code=places.session.district.code,
    )


def cancel_signups(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: cancel and tell everyone signed up; calling it again finds nobody left.

    A message of the first release says neither ``reason`` nor ``last``: it means everybody, for the session's reason.
    """
    signups = ClassSignup.objects.filter(session=payload["session"], active=True)
    if "last" in payload:
        signups = signups.filter(pk__lte=payload["last"])
    reason = payload.get("reason")
    if reason is None:
        reason = SessionPlaces.objects.get(session=payload["session"]).cancel_reason
    actor = User.objects.filter(pk=payload["actor"]).first()
    found = signups.select_related("session__district").order_by("pk")
    one_by_one(found, lambda signup: cancel_by_host(signup=signup, actor=actor, reason=reason, act=key, now=now))
