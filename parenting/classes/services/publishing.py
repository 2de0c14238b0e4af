"""From the staff's words to places that can be taken: publishing, changing and cancelling a class session."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from booking.care.services.sessions import change_session_cell, create_session_cell, move_session_bookings
from booking.places.models import BookingEvent
from booking.places.services.cells import set_targets
from cms.core.runtime import versions
from cms.core.runtime.outbox import emit
from cms.core.web.page_cache import PUBLIC_PAGES
from parenting.classes.models import ClassSession, SessionPlaces
from parenting.classes.refusals import ReasonMissing
from parenting.classes.services.notices import tell_changed
from parenting.classes.services.signups import cancel_signup_row

TOPIC_CANCELLED = "parenting.session_cancelled"
BATCH = 50


@transaction.atomic
def apply_session(*, session: ClassSession, now: dt.datetime) -> SessionPlaces:
    """Carry a published session over to its pool, cell and window; idempotent.

    A new time moves the bookings with it and tells the families; fewer places than taken leave it over by n.
    """
    places = SessionPlaces.objects.select_related("cell").filter(session=session).first()
    if places is None:
        places = _open(session)
    else:
        _change(places, session, now=now)
    versions.bump(PUBLIC_PAGES)
    return places


def _open(session: ClassSession) -> SessionPlaces:
    cell = create_session_cell(
        starts_at=session.starts_at, ends_at=session.ends_at, capacity=session.capacity, institution=None
    )
    return SessionPlaces.objects.create(
        session=session,
        cell=cell,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        signup_opens_at=session.signup_opens_at,
        signup_closes_at=session.signup_closes_at,
    )


def _change(places: SessionPlaces, session: ClassSession, *, now: dt.datetime) -> None:
    moved = (places.starts_at, places.ends_at) != (session.starts_at, session.ends_at)
    for name in ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at"):
        setattr(places, name, getattr(session, name))
    places.save(update_fields=["starts_at", "ends_at", "signup_opens_at", "signup_closes_at"])
    capacity = 0 if places.cancelled_at else session.capacity
    cell = change_session_cell(
        cell=places.cell, starts_at=session.starts_at, ends_at=session.ends_at, capacity=capacity
    )
    if moved:
        for booking in move_session_bookings(cell=cell, now=now):
            tell_changed(booking=booking, session=session, now=now)


@transaction.atomic
def cancel_session(*, session: ClassSession, reason: str, actor: Any, now: dt.datetime) -> None:
    """Cancel a session: nobody can sign up any more, and everyone signed up is told in batches after the commit."""
    if not reason.strip():
        raise ReasonMissing
    places = SessionPlaces.objects.select_for_update().filter(session=session, cancelled_at__isnull=True).first()
    if places is None:
        return
    places.cancelled_at, places.cancel_reason = now, reason.strip()[:120]
    places.save(update_fields=["cancelled_at", "cancel_reason"])
    emit(
        topic=TOPIC_CANCELLED,
        key=f"{session.pk}-{now.timestamp()}",
        payload={"session": session.pk, "actor": actor.pk if actor else None},
        now=now,
    )
    versions.bump(PUBLIC_PAGES)
    set_targets({places.cell_id: 0})


def cancel_signups(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: cancel and tell everyone signed up; calling it again finds nobody left."""
    session = ClassSession.objects.select_related("places").get(pk=payload["session"])
    active = session.signups.filter(active=True).select_related("booking", "family").order_by("pk")
    while signups := list(active[:BATCH]):
        for signup in signups:
            cancel_signup_row(
                signup=signup, side=BookingEvent.Side.STAFF, actor=None, reason=session.places.cancel_reason, now=now
            )
