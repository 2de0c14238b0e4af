"""Published class sessions as the public sees them.

The one place that says when a session is and how many places it has: everything here reads ``SessionPlaces`` and its
cell, never the editor's draft.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, QuerySet

from cms.core.calendar.times import day_bounds
from parenting.classes.models import ClassSession
from parenting.classes.refusals import SessionNotThere


@dataclass(frozen=True, slots=True)
class SessionQuestion:
    """What somebody looks for; every part may be left out. ``from_day`` and ``to_day`` are inclusive."""

    district: str = ""
    street: str = ""
    kind: str = ""
    age_months: int | None = None
    from_day: dt.date | None = None
    to_day: dt.date | None = None


def published() -> QuerySet[ClassSession]:
    """Sessions that are published, with all a card shows."""
    return ClassSession.objects.filter(live=True, places__isnull=False).select_related(
        "places__cell", "district", "township", "host"
    )


def list_sessions(question: SessionQuestion, *, now: dt.datetime) -> QuerySet[ClassSession]:
    """Sessions by time: those to come, unless ``from_day`` asks for earlier ones. Cancelled ones stay visible."""
    found = published()
    if question.from_day:
        found = found.filter(places__starts_at__gte=day_bounds(question.from_day)[0])
    else:
        found = found.filter(places__ends_at__gt=now)
    if question.to_day:
        found = found.filter(places__starts_at__lt=day_bounds(question.to_day)[1])
    if question.district:
        found = found.filter(district__slug=question.district)
    if question.street:
        found = found.filter(township__code=question.street)
    if question.kind:
        found = found.filter(kind=question.kind)
    if question.age_months is not None:
        found = found.filter(age_from__lte=question.age_months, age_to__gt=question.age_months)
    return found.order_by("places__starts_at", "pk")


def coming_sessions(district_id: int, *, now: dt.datetime) -> QuerySet[ClassSession]:
    """Sessions of a district that have not begun, the next first; without cancelled ones."""
    found = published().filter(district_id=district_id, places__cancelled_at__isnull=True, places__starts_at__gt=now)
    return found.order_by("places__starts_at", "pk")


def sessions_at(institution_id: int, first: dt.date, last: dt.date) -> QuerySet[ClassSession]:
    """Sessions held at an institution on these days, both inclusive, by time; without cancelled ones."""
    found = published().filter(
        host_id=institution_id,
        places__cancelled_at__isnull=True,
        places__starts_at__gte=day_bounds(first)[0],
        places__starts_at__lt=day_bounds(last)[1],
    )
    return found.order_by("places__starts_at", "pk")


def with_free_places(sessions: QuerySet[ClassSession], *, now: dt.datetime) -> QuerySet[ClassSession]:
    """Those of the sessions one can sign up for at this moment; the same as ``signup_state`` and ``remaining`` say."""
    return sessions.filter(
        places__cancelled_at__isnull=True,
        places__signup_opens_at__lte=now,
        places__signup_closes_at__gt=now,
        places__cell__taken__lt=F("places__cell__capacity"),
    )


def public_session(public_id: str) -> ClassSession:
    """One published session. Raises ``SessionNotThere``."""
    found = published().filter(public_id=public_id).first()
    if found is None:
        raise SessionNotThere
    return found


def remaining(session: ClassSession) -> int:
    """Places left; none where it is over by n, as ``capacity`` then follows ``taken``."""
    cell = session.places.cell
    return cell.capacity - cell.taken


def signup_state(session: ClassSession, *, now: dt.datetime) -> str:
    """``open``, ``not_yet`` or ``closed`` (also once cancelled)."""
    places = session.places
    if places.cancelled_at or now >= places.signup_closes_at:
        return "closed"
    return "open" if now >= places.signup_opens_at else "not_yet"


def signup_answer(session: ClassSession, *, now: dt.datetime) -> str:
    """The same for people, on every page: ``cancelled``, ``closed``, ``not_yet``, ``full`` or ``open``."""
    if session.places.cancelled_at:
        return "cancelled"
    state = signup_state(session, now=now)
    return "full" if state == "open" and not remaining(session) else state
