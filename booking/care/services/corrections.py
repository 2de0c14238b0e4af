"""What was recorded at the door, put right: today and the seven days after, with a reason that stays in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from booking.care.services.booking_rows import lock_booking_at
from booking.care.services.moves import StayAhead, StayOver
from booking.care.services.one_move import in_transaction, move_locked
from booking.care.services.transition import ActingParty
from booking.places import refusals
from booking.places.models import Booking, BookingEvent
from booking.places.states import CORRECT_WITHIN, CORRECTABLE, SPENT, UNANSWERED, UNDO
from cms.accounts.models import User
from cms.core.calendar.times import at, local, local_date
from cms.core.errors import InvalidInput, Refused
from directory.register.models import Institution

S = Booking.Status
#: Reasons of the site's own: nobody may write them.
OWN_REASONS = frozenset({"", UNDO, UNANSWERED})


@dataclass(frozen=True, slots=True)
class Attendance:
    """What is to be recorded of a stay: a state, and the clock times at which the child came and left."""

    status: str
    arrived: dt.time | None = None
    left: dt.time | None = None


class Answer(NamedTuple):
    """What is to be recorded of one stay, and the version of its record that was looked at."""

    to: Attendance
    seen: dt.datetime


class ChangedMeanwhile(Refused):
    """Somebody else changed the record since it was looked at."""

    code = "changed"
    message = _("刚才有人改过这条记录，请看一下现在的内容再改。")


class NotBegunYet(Refused):
    """A stay that is still to come would be recorded as over: its place would go to others, and the family not know."""

    code = "not_begun"
    message = _("还没到预约的时间，不能记没来或已离园。宝宝不来了，请到当天的名单里点「取消」，会告诉家长。")


class ReasonNeeded(InvalidInput):
    """A correction without a reason."""

    code = "reason_required"
    message = _("请写下为什么更正。")


class BadTimes(InvalidInput):
    """Times that are missing, ahead or the wrong way round; ``fields`` names them."""

    code = "times"


def correct_attendance(
    *,
    actor: User,
    institution: Institution,
    booking: str,
    to: Attendance,
    reason: str,
    seen: dt.datetime,
    now: dt.datetime,
    over_ok: bool = False,
) -> Booking:
    """Record what really was. ``seen`` is the ``changed_at`` that the corrector looked at; what is recorded already is
    left as it is.

    Raises ``NotThere``, ``WrongState`` (never expected, or called off), ``StayAhead``, ``StayOver``, ``NotBegunYet``,
    ``ChangedMeanwhile``, ``ReasonNeeded``, ``BadTimes``, and, where places are taken again, ``OverPlaces`` and
    ``Duplicate``.
    """
    if reason.strip() in OWN_REASONS:
        raise ReasonNeeded(fields={"reason": str(ReasonNeeded.message)})
    by = ActingParty(BookingEvent.Side.INSTITUTION, actor, reason.strip())

    def act() -> Booking:
        found = lock_booking_at(institution, booking)
        if found.kind != Booking.Kind.CARE:
            raise refusals.NotThere
        _check_day(found, to, now)
        if found.status not in CORRECTABLE:
            raise refusals.WrongState
        times = _times(found, to, now)
        if _is_recorded(found, to.status, times) and not _ended_by_the_night(found):
            return found
        if found.changed_at != seen:
            raise ChangedMeanwhile
        _check_begun(found, to.status, now)
        alone = found.status == to.status
        return move_locked(found, to.status, by=by, now=now, changes=times, over_ok=over_ok, quiet=alone, corrects=True)

    return in_transaction(act)


def answer_day(
    *, actor: User, institution: Institution, answers: Mapping[str, Answer], reason: str, now: dt.datetime
) -> dict[str, Refused]:
    """Record how stays ended, by the public ids of their bookings, each for itself: one that is refused holds back no
    other. Returns the refusals.
    """
    refused: dict[str, Refused] = {}
    for booking, (to, seen) in answers.items():
        try:
            correct_attendance(
                actor=actor, institution=institution, booking=booking, to=to, reason=reason, seen=seen, now=now
            )
        except Refused as refusal:
            refused[booking] = refusal
    return refused


def _check_day(found: Booking, to: Attendance, now: dt.datetime) -> None:
    """Of a day that is over nobody is still awaited or in the room."""
    ago = local_date(now) - found.service_date
    if ago < dt.timedelta(0):
        raise StayAhead
    if ago > CORRECT_WITHIN or (ago and to.status not in SPENT):
        raise StayOver


def _check_begun(found: Booking, to_status: str, now: dt.datetime) -> None:
    """Before its time a stay ends only where the child was there, and nobody is absent."""
    if found.starts_at <= now or found.status == to_status or to_status not in SPENT:
        return
    if to_status == S.ABSENT or found.arrived_at is None:
        raise NotBegunYet


def _times(found: Booking, to: Attendance, now: dt.datetime) -> dict[str, dt.datetime | None]:
    """When the child came and left, as asked for; a time that reads the same stays as it was to the second."""
    if to.status in (S.CONFIRMED, S.ABSENT):
        return {"arrived_at": None, "left_at": None}
    arrived = _moment(found, to.arrived, found.arrived_at)
    left = _moment(found, to.left, found.left_at) if to.status == S.COMPLETED else None
    if problems := _problems(found, to.status, arrived, left, now):
        raise BadTimes(fields=problems)
    return {"arrived_at": arrived, "left_at": left}


def _problems(
    found: Booking, status: str, arrived: dt.datetime | None, left: dt.datetime | None, now: dt.datetime
) -> dict[str, str]:
    """What is wrong with the times, by field. A day that is over may leave open what nobody knows any more."""
    is_today = found.service_date == local_date(now)
    problems = {}
    if arrived is None and (status == S.ARRIVED or left is not None or is_today):
        problems["arrived"] = _("请填几点到的，例如 9:40")
    elif arrived is not None and arrived > now:
        problems["arrived"] = _("这个时间还没到，请填实际到园的时间")
    if left is None and status == S.COMPLETED and is_today:
        problems["left"] = _("请填几点离开的，例如 17:30")
    elif left is not None and left > now:
        problems["left"] = _("这个时间还没到，请填实际离园的时间")
    elif left is not None and arrived is not None and left <= arrived:
        problems["left"] = _("离园要晚于到园，请看一下两个时间")
    return {name: str(words) for name, words in problems.items()}


def _moment(found: Booking, clock: dt.time | None, before: dt.datetime | None) -> dt.datetime | None:
    if clock is None:
        return None
    asked = at(found.service_date, clock)
    return before if before is not None and local(before).replace(second=0, microsecond=0) == asked else asked


def _is_recorded(found: Booking, status: str, times: dict[str, dt.datetime | None]) -> bool:
    return found.status == status and all(getattr(found, name) == moment for name, moment in times.items())


def _ended_by_the_night(found: Booking) -> bool:
    """Whether nobody has said how the stay ended: who says now that nothing more is known is recorded too."""
    last = found.events.order_by("at", "pk").last()
    return last is not None and last.reason == UNANSWERED
