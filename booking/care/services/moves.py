"""What parents, institutions and the site do with a booking after it was held."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from booking.care.services import take
from booking.care.services.expiry import expire_bookings
from booking.care.services.transition import Batch, Mover, emit_batch, move, retake
from booking.places import refusals
from booking.places.models import Booking, BookingEvent
from booking.places.queries.policy import last_call
from booking.places.services.cells import PlacesGone, change_cells
from booking.places.services.locking import retry_once_when_locked
from booking.places.states import WAITING
from cms.accounts.models import User
from directory.register.models import Institution

S = Booking.Status
REQUEST_LASTS = dt.timedelta(hours=24)
UNDO_WITHIN = dt.timedelta(minutes=10)
#: The marks at the door; only these can be undone.
MARKS = frozenset({S.ARRIVED.value, S.COMPLETED.value, S.ABSENT.value})


def confirm_booking(*, user: User, booking: str, now: dt.datetime) -> Booking:
    """Confirm a hold: ``confirmed``, or ``requested`` where the institution decides. Again: the same answer.

    ``booking`` is a public id of the user's family. Raises ``NotThere``, ``HoldExpired``, ``WrongState``.
    """
    own = take.read_own_booking(user_id=user.pk, public_id=booking)
    if own is None:
        raise refusals.NotThere
    found, policy = own
    if found.status in (S.CONFIRMED, S.REQUESTED, S.ARRIVED, S.COMPLETED):
        return found
    if found.status == S.EXPIRED or (found.status == S.HELD and _is_over(found, now)):
        raise refusals.HoldExpired
    by = Mover(BookingEvent.Side.PARENT, user)
    if not policy.needs_acceptance:
        return _move_alone(found, S.CONFIRMED, by=by, now=now, changes={"expires_at": None})
    call = last_call(policy, found.mode, found.starts_at)
    expires_at = max(min(now + REQUEST_LASTS, call), now)
    return _move_alone(found, S.REQUESTED, by=by, now=now, changes={"expires_at": expires_at})


def cancel_booking(*, user: User, booking: str, now: dt.datetime) -> Booking:
    """Cancel one's own booking before it starts; cancelling twice answers the same.

    Raises ``NotThere``, ``WrongState``.
    """
    found = _of_family(user, booking)
    if found.status == S.CANCELLED:
        return found
    if found.status not in WAITING and found.starts_at <= now:
        raise refusals.WrongState
    return _move_alone(found, S.CANCELLED, by=Mover(BookingEvent.Side.PARENT, user), now=now)


def accept_request(*, actor: User, institution: Institution, booking: str, now: dt.datetime) -> Booking:
    """The institution says yes to a request."""
    found = _of_institution(institution, booking)
    if found.status == S.REQUESTED and _is_over(found, now):
        expire_bookings([found.pk], now=now)
        raise refusals.WrongState
    if found.status != S.REQUESTED:
        raise refusals.WrongState
    by = Mover(BookingEvent.Side.INSTITUTION, actor)
    return _move_alone(found, S.CONFIRMED, by=by, now=now, changes={"expires_at": None})


def decline_request(*, actor: User, institution: Institution, booking: str, reason: str, now: dt.datetime) -> Booking:
    """The institution says no to a request, with a reason for the parent."""
    by = Mover(BookingEvent.Side.INSTITUTION, actor, reason)
    return _move_alone(_of_institution(institution, booking), S.DECLINED, by=by, now=now)


def cancel_by_institution(
    *, actor: User | None, institution: Institution, booking: str, reason: str, now: dt.datetime
) -> Booking:
    """The institution (or, without actor, the site on its behalf) cancels; the family is told."""
    found = _of_institution(institution, booking)
    if found.status == S.CANCELLED:
        return found
    by = Mover(BookingEvent.Side.INSTITUTION, actor, reason)
    return _move_alone(found, S.CANCELLED, by=by, now=now)


def mark_arrived(
    *, actor: User, institution: Institution | None, booking: str, now: dt.datetime, over_ok: bool = False
) -> Booking:
    """Check a child in. After ``absent`` the rest is taken again; where it is gone ``OverPlaces`` asks first."""
    found = _marked(institution, booking)
    by = Mover(BookingEvent.Side.INSTITUTION, actor)
    return _move_alone(found, S.ARRIVED, by=by, now=now, changes={"arrived_at": now}, over_ok=over_ok)


def mark_left(*, actor: User, institution: Institution | None, booking: str, now: dt.datetime) -> Booking:
    """The child was fetched; what is left of the stay is free again."""
    by = Mover(BookingEvent.Side.INSTITUTION, actor)
    return _move_alone(_marked(institution, booking), S.COMPLETED, by=by, now=now, changes={"left_at": now})


def mark_absent(*, actor: User, institution: Institution | None, booking: str, now: dt.datetime) -> Booking:
    """The child did not come; what is left of the stay is free again."""
    by = Mover(BookingEvent.Side.INSTITUTION, actor)
    return _move_alone(_marked(institution, booking), S.ABSENT, by=by, now=now)


def undo_mark(
    *, actor: User, institution: Institution | None, booking: str, now: dt.datetime, over_ok: bool = False
) -> Booking:
    """Take the last mark back, for ten minutes.

    Raises ``WrongState`` after that, ``OverPlaces`` where places are gone.
    """
    found = _marked(institution, booking)
    last = found.events.order_by("-at", "-pk").first()
    if last is None or found.status not in MARKS or now - last.at > UNDO_WITHIN or last.reason == "undo":
        raise refusals.WrongState
    back: dict[str, object] = {"left_at": None} if found.status == S.COMPLETED else {"arrived_at": None}
    by = Mover(BookingEvent.Side.INSTITUTION, actor, "undo")
    return _move_alone(found, last.from_status, by=by, now=now, changes=back, over_ok=over_ok, quiet=True)


def _move_alone(
    booking: Booking,
    to_status: str,
    *,
    by: Mover,
    now: dt.datetime,
    changes: dict[str, object] | None = None,
    over_ok: bool = False,
    quiet: bool = False,
) -> Booking:
    """One move in one transaction, cells last; asks before going over."""

    def act() -> Booking:
        with transaction.atomic():
            batch = Batch()
            was = booking.status
            comes_back = was in (S.ABSENT, S.COMPLETED)
            move(booking, to_status, by=by, now=now, batch=batch, changes=changes, quiet=quiet)
            if comes_back:
                retake(booking, now=now, batch=batch)
            if batch.cells:
                change_cells(batch.cells, over_ok=over_ok)
            emit_batch(batch, now=now)
        return booking

    before = booking.status
    try:
        return retry_once_when_locked(act)
    except PlacesGone as error:
        booking.status = before
        raise refusals.OverPlaces(over=1) from error
    except Exception:
        booking.status = before
        raise


def _loaded() -> QuerySet[Booking]:
    return Booking.objects.select_related("institution__booking_policy", "child", "product")


def _of_family(user: User, public_id: str) -> Booking:
    """A care booking: a place in a class is given back by parenting's own rules."""
    found = _loaded().filter(public_id=public_id, family__members__user=user, kind=Booking.Kind.CARE).first()
    if found is None:
        raise refusals.NotThere
    return found


def _of_institution(institution: Institution, public_id: str) -> Booking:
    found = _loaded().filter(public_id=public_id, institution=institution).first()
    if found is None:
        raise refusals.NotThere
    return found


def _marked(institution: Institution | None, public_id: str) -> Booking:
    """The booking at the door of an institution, or (None) of a session run by district staff."""
    scope = {"institution": institution} if institution else {"kind": Booking.Kind.SESSION}
    found = _loaded().filter(public_id=public_id, **scope).first()
    if found is None:
        raise refusals.NotThere
    return found


def _is_over(booking: Booking, now: dt.datetime) -> bool:
    return booking.expires_at is not None and booking.expires_at <= now
