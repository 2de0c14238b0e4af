"""What parents, institutions and the site do with a booking after it was held.

Each act is one transaction that locks the booking, decides on what it then finds, and moves it: an act that was done
already answers the same, also to a twin that came in the same moment.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from booking.care.queries.room import over_before
from booking.care.services.booking_rows import (
    lock_booking_at,
    lock_booking_at_door,
    lock_own_booking,
    lock_request_at,
)
from booking.care.services.expiry import expire_locked
from booking.care.services.one_move import in_transaction, move_locked
from booking.care.services.transition import ActingParty, find_released
from booking.places import refusals
from booking.places.models import Booking, BookingEvent
from booking.places.queries.freshness import vouched
from booking.places.services.cells import over_by
from booking.places.states import UNDO, has_lapsed, is_early, may_cancel, undoable_mark
from booking.places.stay_rules import answer_until
from cms.accounts.models import User
from cms.core.calendar.times import local_date
from directory.register.models import Institution

S = Booking.Status
#: What a confirmed booking goes on to; an act that confirmed it answers the same.
CONFIRMED = frozenset({S.CONFIRMED.value, S.ARRIVED.value, S.COMPLETED.value})

PRESSED_TWICE = dt.timedelta(seconds=5)


class StayAhead(refusals.Refused):
    """The day of the stay is still to come: nobody is there or absent."""

    code = "closed"
    message = _("这一天还没到，当天才能标记。")


class NotDue(refusals.Refused):
    """A child hours before its time: the door asks first. ``over``: by how many the room would be over until then."""

    code = "not_due"
    message = _("还没到预约的时间，请先确认。")


class JustArrived(refusals.Refused):
    """Checked out in the moment of being checked in."""

    code = "just_arrived"
    message = _("刚刚签到，没有记离园。真的要离园，过几秒再点。")


class MayNotAccept(refusals.NotTaking):
    """The institution would accept a request while it may take no new bookings."""

    message = _("机构现在不能接受新预约，这条申请接受不了，系统会取消它并告诉家长。")


class MarkedMeanwhile(refusals.Refused):
    """The mark that was to be taken back is not the last one any more."""

    code = "changed"
    message = _("刚才有人又记过这次，没有撤回。请看一下现在的记录。")


class StayOver(refusals.Refused):
    """The day of the stay is over, or (where the institution cancels) the stay itself."""

    code = "closed"
    message = _("时间已经过了，不能再改。")


def confirm_booking(*, user: User, booking: str, now: dt.datetime) -> Booking:
    """Confirm a hold: ``confirmed``, or ``requested`` where the institution has to answer. Again: the same answer.

    ``booking`` is a public id of the user's family. Raises ``NotThere``, ``HoldExpired``, ``WrongState``, and
    ``NotTaking`` where the institution takes no new bookings any more.
    """

    def act() -> Booking:
        found, policy, places_confirmed_at = lock_own_booking(user=user, public_id=booking)
        if _lapsed(found, now) or found.status == S.REQUESTED or found.status in CONFIRMED:
            return found
        if found.status != S.HELD:
            raise refusals.WrongState
        _check_taking(found, refusals.NotTaking)
        by = ActingParty(BookingEvent.Side.PARENT, user)
        if not vouched(policy, places_confirmed_at, now).needs_answer:
            return move_locked(found, S.CONFIRMED, by=by, now=now, changes={"expires_at": None})
        until = answer_until(policy, found.mode, found.starts_at, now)
        if until <= now:
            # The stay has begun: nobody could answer before it.
            raise refusals.HoldExpired
        return move_locked(found, S.REQUESTED, by=by, now=now, changes={"expires_at": until})

    return _unless_expired(in_transaction(act), refusals.HoldExpired)


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
        return move_locked(found, S.CANCELLED, by=ActingParty(BookingEvent.Side.PARENT, user), now=now)

    return _unless_expired(in_transaction(act), refusals.WrongState)


def accept_request(*, actor: User, institution: Institution, booking: str, now: dt.datetime) -> Booking:
    """The institution says yes to a request. Again: the same answer. Raises ``WrongState``, ``MayNotAccept``."""

    def act() -> Booking:
        found = lock_request_at(institution, booking)
        if _lapsed(found, now) or (found.status in CONFIRMED and _was_accepted(found)):
            return found
        if found.status != S.REQUESTED:
            raise refusals.WrongState
        _check_taking(found, MayNotAccept)
        by = ActingParty(BookingEvent.Side.INSTITUTION, actor)
        return move_locked(found, S.CONFIRMED, by=by, now=now, changes={"expires_at": None})

    return _unless_expired(in_transaction(act), refusals.WrongState)


def decline_request(*, actor: User, institution: Institution, booking: str, reason: str, now: dt.datetime) -> Booking:
    """The institution says no to a request, with a reason for the parent. Again: the same answer. Raises
    ``WrongState``.
    """
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor, reason)

    def act() -> Booking:
        found = lock_booking_at(institution, booking)
        return found if _lapsed(found, now) else _move_unless_done(found, S.DECLINED, by=by, now=now)

    return _unless_expired(in_transaction(act), refusals.WrongState)


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
        return move_locked(found, S.CANCELLED, by=by, now=now)

    return _unless_expired(in_transaction(act), refusals.WrongState)


def mark_arrived(
    *,
    actor: User,
    institution: Institution | None,
    booking: str,
    now: dt.datetime,
    over_ok: bool = False,
    early_ok: bool = False,
) -> Booking:
    """Check a child in, on its day as with every mark (``StayAhead``, ``StayOver``). Who comes to care before its time
    is asked for first (``NotDue``): more than an hour before, or where the room would be over until then.

    After ``absent`` or ``completed`` the rest is taken again; where it is gone ``OverPlaces`` asks first. A child who
    comes back the same day keeps the time of the first arrival.
    """

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        if found.arrived_at is None and not early_ok:
            _check_due(found, now)
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

    return in_transaction(act)


def mark_left(*, actor: User, institution: Institution | None, booking: str, now: dt.datetime) -> Booking:
    """The child was fetched; what is left of the stay is free again. Raises ``JustArrived``: a finger that pressed
    twice checks nobody out.
    """
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor)

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        if found.status == S.ARRIVED and now - found.changed_at < PRESSED_TWICE:
            raise JustArrived
        return _move_unless_done(found, S.COMPLETED, by=by, now=now, changes={"left_at": now})

    return in_transaction(act)


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

    return in_transaction(act)


def undo_mark(
    *,
    actor: User,
    institution: Institution | None,
    booking: str,
    now: dt.datetime,
    seen: dt.datetime | None = None,
    over_ok: bool = False,
) -> Booking:
    """Take the last mark back, for ten minutes, then the one before it.

    ``seen`` is the booking's ``changed_at`` with the mark that is meant: once that was taken back, asking again answers
    the same and touches no earlier mark. Raises ``MarkedMeanwhile`` where another mark followed, ``WrongState`` after
    ten minutes, ``OverPlaces`` where places are gone.
    """

    def act() -> Booking:
        found = _lock_on_its_day(institution, booking, now)
        if seen is not None and found.changed_at != seen:
            if not _only_undone_since(found, seen):
                raise MarkedMeanwhile
            return found
        last = undoable_mark(found, found.events.order_by("at", "pk"), now=now)
        if last is None:
            raise refusals.WrongState
        by = ActingParty(BookingEvent.Side.INSTITUTION, actor, UNDO)
        changes = _times_before(last)
        return move_locked(found, last.from_status, by=by, now=now, changes=changes, over_ok=over_ok, quiet=True)

    return in_transaction(act)


def count_over(booking: Booking, *, now: dt.datetime) -> int:
    """By how many children the class would be over if this one came in again now."""
    return over_by(find_released(booking, now=now)[0])


def _lock_on_its_day(institution: Institution | None, public_id: str, now: dt.datetime) -> Booking:
    """The booking at the door, locked, if a mark belongs to its day. A session is marked later too."""
    found = lock_booking_at_door(institution, public_id)
    today = local_date(now)
    if found.service_date > today:
        raise StayAhead
    if found.kind == Booking.Kind.CARE and found.service_date < today:
        raise StayOver
    return found


def _check_due(found: Booking, now: dt.datetime) -> None:
    if found.kind != Booking.Kind.CARE or found.starts_at <= now:
        return
    over = over_before(found, now=now)
    if over or is_early(found, now=now):
        raise NotDue(over=over)


def _check_taking(found: Booking, refusal: type[refusals.NotTaking]) -> None:
    """The institution as it was read with the lock of the booking: it may have lost its standing since the hold."""
    if found.institution is None or not found.institution.takes_bookings:
        raise refusal


def _only_undone_since(found: Booking, seen: dt.datetime) -> bool:
    """Whether nothing happened to the booking since but one mark taken back."""
    return list(found.events.filter(at__gt=seen).values_list("reason", flat=True)) == [UNDO]


def _times_before(mark: BookingEvent) -> dict[str, dt.datetime | None]:
    """When the child had come and left before the mark."""
    before = {name: pair[0] for name, pair in (mark.times or {}).items()}
    return {name: moment and dt.datetime.fromisoformat(moment) for name, moment in before.items()}


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
    return found if found.status == to_status else move_locked(found, to_status, **how)


def _was_accepted(booking: Booking) -> bool:
    return booking.events.filter(from_status=S.REQUESTED, to_status=S.CONFIRMED).exists()
