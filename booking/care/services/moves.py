"""What parents, institutions and the site do with a booking after it was held.

Each act is one transaction that locks the booking, decides on what it then finds, and moves it: an act that was done
already answers the same, also to a twin that came in the same moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from booking.care.services.booking_rows import (
    lock_booking_at,
    lock_booking_at_door,
    lock_own_booking,
    lock_request_at,
)
from booking.care.services.expiry import expire_locked
from booking.care.services.transition import (
    ActingParty,
    PendingEffects,
    change_state,
    emit_pending,
    find_released,
    free_ledger,
    give_back_credits,
    take_back_released,
)
from booking.places import refusals
from booking.places.models import Booking, BookingEvent
from booking.places.queries.freshness import vouched
from booking.places.services.cells import PlacesGone, change_cells, over_by
from booking.places.services.locking import retry_once_when_locked
from booking.places.states import SPENT, UNDO, has_lapsed, may_cancel, may_undo
from booking.places.stay_rules import answer_until
from cms.accounts.models import User
from cms.core.calendar.times import local_date
from directory.register.models import Institution

S = Booking.Status
#: What a confirmed booking goes on to; an act that confirmed it answers the same.
CONFIRMED = frozenset({S.CONFIRMED.value, S.ARRIVED.value, S.COMPLETED.value})


class StayAhead(refusals.Refused):
    """The day of the stay is still to come: nobody is there or absent."""

    code = "closed"
    message = _("这一天还没到，当天才能标记。")


class StayOver(refusals.Refused):
    """The day of the stay is over, or (where the institution cancels) the stay itself."""

    code = "closed"
    message = _("时间已经过了，不能再改。")


def confirm_booking(*, user: User, booking: str, now: dt.datetime) -> Booking:
    """Confirm a hold: ``confirmed``, or ``requested`` where the institution has to answer. Again: the same answer.

    ``booking`` is a public id of the user's family. Raises ``NotThere``, ``HoldExpired``, ``WrongState``.
    """

    def act() -> Booking:
        found, policy, places_confirmed_at = lock_own_booking(user=user, public_id=booking)
        if _lapsed(found, now) or found.status == S.REQUESTED or found.status in CONFIRMED:
            return found
        if found.status != S.HELD:
            raise refusals.WrongState
        by = ActingParty(BookingEvent.Side.PARENT, user)
        if not vouched(policy, places_confirmed_at, now).needs_answer:
            return _move(found, S.CONFIRMED, by=by, now=now, changes={"expires_at": None})
        until = answer_until(policy, found.mode, found.starts_at, now)
        if until <= now:
            # The stay has begun: nobody could answer before it.
            raise refusals.HoldExpired
        return _move(found, S.REQUESTED, by=by, now=now, changes={"expires_at": until})

    return _unless_expired(_in_transaction(act), refusals.HoldExpired)


def cancel_booking(*, user: User, booking: str, now: dt.datetime) -> Booking:
    """Cancel one's own care booking before it starts; cancelling twice answers the same.

    Raises ``NotThere``, ``WrongState``.
    """

    def act() -> Booking:
        found = lock_own_booking(user=user, public_id=booking).booking
        if _lapsed(found, now) or found.status == S.CANCELLED:
            return found
        if not may_cancel(found, now=now):
            raise refusals.WrongState
        return _move(found, S.CANCELLED, by=ActingParty(BookingEvent.Side.PARENT, user), now=now)

    return _unless_expired(_in_transaction(act), refusals.WrongState)


def accept_request(*, actor: User, institution: Institution, booking: str, now: dt.datetime) -> Booking:
    """The institution says yes to a request. Again: the same answer. Raises ``WrongState``."""

    def act() -> Booking:
        found = lock_request_at(institution, booking)
        if _lapsed(found, now) or (found.status in CONFIRMED and _was_accepted(found)):
            return found
        if found.status != S.REQUESTED:
            raise refusals.WrongState
        by = ActingParty(BookingEvent.Side.INSTITUTION, actor)
        return _move(found, S.CONFIRMED, by=by, now=now, changes={"expires_at": None})

    return _unless_expired(_in_transaction(act), refusals.WrongState)


def decline_request(*, actor: User, institution: Institution, booking: str, reason: str, now: dt.datetime) -> Booking:
    """The institution says no to a request, with a reason for the parent. Again: the same answer. Raises
    ``WrongState``.
    """
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor, reason)

    def act() -> Booking:
        found = lock_booking_at(institution, booking)
        return found if _lapsed(found, now) else _move_unless_done(found, S.DECLINED, by=by, now=now)

    return _unless_expired(_in_transaction(act), refusals.WrongState)


def cancel_by_institution(
    *, actor: User | None, institution: Institution, booking: str, reason: str, now: dt.datetime
) -> Booking:
    """The institution (or, without actor, the site on its behalf) cancels; the family is notified. Again: the same
    answer. Raises ``StayOver``, ``WrongState``.
    """
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor, reason)

    def act() -> Booking:
        found = lock_booking_at(institution, booking)
        if _lapsed(found, now) or found.status == S.CANCELLED:
            return found
        if found.ends_at <= now:
            raise StayOver
        return _move(found, S.CANCELLED, by=by, now=now)

    return _unless_expired(_in_transaction(act), refusals.WrongState)


def mark_arrived(
    *, actor: User, institution: Institution | None, booking: str, now: dt.datetime, over_ok: bool = False
) -> Booking:
    """Check a child in, on its day as with every mark (``StayAhead``, ``StayOver``). After ``absent`` or ``completed``
    the rest is taken again; where it is gone ``OverPlaces`` asks first. A child who comes back the same day keeps the
    time of the first arrival.
    """

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        came_before = found.status == S.COMPLETED and found.arrived_at is not None
        changes = {"left_at": None} if came_before else {"arrived_at": now, "left_at": None}
        return _move_unless_done(
            found,
            S.ARRIVED,
            by=ActingParty(BookingEvent.Side.INSTITUTION, actor),
            now=now,
            changes=changes,
            over_ok=over_ok,
        )

    return _in_transaction(act)


def mark_left(*, actor: User, institution: Institution | None, booking: str, now: dt.datetime) -> Booking:
    """The child was fetched; what is left of the stay is free again."""
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor)

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        return _move_unless_done(found, S.COMPLETED, by=by, now=now, changes={"left_at": now})

    return _in_transaction(act)


def mark_absent(
    *,
    actor: User,
    institution: Institution | None,
    booking: str,
    now: dt.datetime,
    not_begun: type[refusals.Refused] | None = None,
) -> Booking:
    """The child did not come; what is left of the stay is free again. ``not_begun``, if given, refuses a stay that is
    still to begin, as it is found under the lock.
    """
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor)

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        if not_begun is not None and found.starts_at > now:
            raise not_begun
        return _move_unless_done(found, S.ABSENT, by=by, now=now, changes={"arrived_at": None})

    return _in_transaction(act)


def undo_mark(
    *, actor: User, institution: Institution | None, booking: str, now: dt.datetime, over_ok: bool = False
) -> Booking:
    """Take the last mark back, for ten minutes.

    Raises ``WrongState`` after that, ``OverPlaces`` where places are gone.
    """

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        events = list(found.events.order_by("at", "pk"))
        last = events.pop() if events else None
        if last is None or not may_undo(found, last, now=now):
            raise refusals.WrongState
        by = ActingParty(BookingEvent.Side.INSTITUTION, actor, UNDO)
        changes = _times_before(events, last.from_status)
        return _move(found, last.from_status, by=by, now=now, changes=changes, over_ok=over_ok, quiet=True)

    return _in_transaction(act)


def count_over(booking: Booking, *, now: dt.datetime) -> int:
    """By how many children the class would be over if this one came in again now."""
    return over_by(find_released(booking, now=now)[0])


def _lock_on_its_day(institution: Institution | None, public_id: str, now: dt.datetime) -> Booking:
    """The booking at the door, locked, if a mark belongs to its day. When a session may be marked parenting says."""
    found = lock_booking_at_door(institution, public_id)
    today = local_date(now)
    if found.kind == Booking.Kind.CARE and found.service_date != today:
        raise StayAhead if found.service_date > today else StayOver
    return found


def _times_before(events: list[BookingEvent], status: str) -> dict[str, dt.datetime | None]:
    """When the child came and left, as the marks before the undone one say; ``status`` is what they led to."""
    marks = {event.to_status: event.at for event in events if event.reason != UNDO and event.from_status != S.COMPLETED}
    arrived_at = marks.get(S.ARRIVED) if status in (S.ARRIVED, S.COMPLETED) else None
    return {"arrived_at": arrived_at, "left_at": marks.get(S.COMPLETED) if status == S.COMPLETED else None}


def _in_transaction(act: Callable[[], Booking]) -> Booking:
    """The act in one transaction, once more after lock trouble; places that are gone become a question."""
    try:
        return retry_once_when_locked(transaction.atomic(act))
    except PlacesGone as error:
        raise refusals.OverPlaces(over=over_by(error.extra["deltas"])) from error


def _lapsed(found: Booking, now: dt.datetime) -> bool:
    """Whether the booking ran out, which the act then answers as after the sweep: one that the sweeper has not met yet
    is expired first, and the act returns it, so that this is committed (:func:`_unless_expired`).
    """
    if has_lapsed(found, now=now):
        expire_locked([found], now=now)
    return found.status == S.EXPIRED


def _unless_expired(found: Booking, refusal: type[refusals.Refused]) -> Booking:
    if found.status == S.EXPIRED:
        raise refusal
    return found


def _move_unless_done(found: Booking, to_status: str, **how: Any) -> Booking:
    return found if found.status == to_status else _move(found, to_status, **how)


def _move(
    booking: Booking,
    to_status: str,
    *,
    by: ActingParty,
    now: dt.datetime,
    changes: Mapping[str, Any] | None = None,
    over_ok: bool = False,
    quiet: bool = False,
) -> Booking:
    """One move, cells last."""
    pending = PendingEffects()
    comes_back = booking.status in SPENT
    change_state(booking, to_status, by=by, now=now, pending=pending, changes=changes, quiet=quiet)
    give_back_credits(pending, now=now)
    free_ledger(pending)
    if comes_back:
        take_back_released(booking, now=now, pending=pending)
    if pending.cells:
        # A stay that is over only enters what was: nobody is asked whether the child may come in.
        change_cells(pending.cells, over_ok=over_ok or booking.ends_at <= now)
    emit_pending(pending, now=now)
    return booking


def _was_accepted(booking: Booking) -> bool:
    return booking.events.filter(from_status=S.REQUESTED, to_status=S.CONFIRMED).exists()
