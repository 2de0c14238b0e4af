"""What families are told about class sessions, in their transaction; no child's name in an SMS.

Times are those of the family's own place, so a notice never disagrees with the booking.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.care.services.transition import stream_of
from booking.places.models import Booking
from cms.accounts.messaging.services.messages import notify_family
from cms.core.calendar.reminders import may_remind
from cms.core.calendar.times import local_date
from cms.core.display import wording
from cms.core.runtime.outbox import Effect, emit, emit_many
from parenting.classes.enums import SessionMove
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.services.one_by_one import one_by_one

TOPIC_NOTICES = "parenting.notices"
TOPIC_REMINDER = "parenting.reminder"


def notify_signed_up(*, signup: ClassSignup, now: dt.datetime) -> None:
    """The place is sure."""
    _notify(
        signup,
        kind="class_signed_up",
        title=_("报名成功"),
        body=_("%(when)s\n%(venue)s\n来不了请尽早取消，空出来的名额别的家庭可以报。"),
        key=f"class-signup-{signup.booking_id}",
        sms="class_signed_up",
        now=now,
    )


def notify_given_back(*, signup: ClassSignup, now: dt.datetime) -> None:
    """The family gave its place back: inside the site alone, for one of them did it."""
    _notify(
        signup,
        kind="class_given_back",
        title=_("已取消报名"),
        body=_("%(when)s\n%(venue)s\n这次报名由您家取消了。还想来，名额没满可以再报名。"),
        key=f"class-given-back-{signup.booking_id}",
        sms=None,
        now=now,
    )


def notify_cancelled(*, signup: ClassSignup, reason: str, act: str, now: dt.datetime) -> None:
    """The session will not take place, and why; a family with two places is told once of each ``act``."""
    _notify(
        signup,
        kind="class_cancelled",
        title=_("课堂取消"),
        body=_("%(when)s 的课堂不办了。原因：%(reason)s"),
        key=f"class-cancelled-{signup.family_id}-{act}",
        sms="class_cancelled",
        now=now,
        reason=reason,
    )


def notify_changed(*, signup: ClassSignup, move: SessionMove, change: str, now: dt.datetime) -> None:
    """The session has a new time or place; each ``change`` is told to a family once, also one back to an earlier."""
    _notify(
        signup,
        kind="class_changed",
        title=_("课堂改%(what)s") % {"what": move.label},
        body=_("现在是 %(when)s，%(where)s。不方便来可以取消。"),
        key=f"class-changed-{signup.family_id}-{change}",
        sms="class_changed",
        now=now,
    )


def notify_child_needed(*, signup: ClassSignup, now: dt.datetime) -> None:
    """The session is for children too now, and the family's child is elsewhere then; once for each time."""
    _notify(
        signup,
        kind="class_changed",
        title=_("这场要带宝宝"),
        body=_("%(when)s，%(venue)s。现在是亲子活动，但宝宝这个时间有别的预约，请取消其中一个。"),
        key=f"class-child-needed-{signup.session_id}-{signup.family_id}-{signup.booking.starts_at.isoformat()}",
        sms="class_changed",
        now=now,
    )


def promise_notices(
    *, session: ClassSession, notice: str, bookings: Sequence[Booking], now: dt.datetime, reason: str = ""
) -> None:
    """Promise a notice to the families of these bookings by one row: the session is locked, and there may be many."""
    if not bookings:
        return
    emit(
        topic=TOPIC_NOTICES,
        key=f"{session.pk}-{notice}-{now.timestamp()}",
        payload={
            "notice": notice,
            "bookings": [booking.pk for booking in bookings],
            "starts_at": bookings[0].starts_at.isoformat(),
            "ends_at": bookings[0].ends_at.isoformat(),
            "reason": reason,
        },
        now=now,
        district_code=session.district.code,
    )


def send_notices(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: notify the families of one change; who was notified of it already is not notified again.

    Of a change nobody hears who has given the place back or whose place has another time by now.
    """
    signups = ClassSignup.objects.filter(booking__in=payload["bookings"]).order_by("pk")
    signups = signups.select_related("session__district", "booking")
    if payload["notice"] == "cancelled":
        return one_by_one(
            signups, lambda signup: notify_cancelled(signup=signup, reason=payload["reason"], act=key, now=now)
        )
    times = {"booking__starts_at": payload["starts_at"], "booking__ends_at": payload["ends_at"]}
    coming = signups.filter(booking__status=Booking.Status.CONFIRMED, **times)
    if payload["notice"] in SessionMove.values:
        move = SessionMove(payload["notice"])
        return one_by_one(coming, lambda signup: notify_changed(signup=signup, move=move, change=key, now=now))
    return one_by_one(coming, lambda signup: notify_child_needed(signup=signup, now=now))


def _notify(
    signup: ClassSignup,
    *,
    kind: str,
    title: str,
    body: str,
    key: str,
    sms: str | None,
    now: dt.datetime,
    reason: str = "",
) -> None:
    session, booking = signup.session, signup.booking
    when = f"{wording.day(booking.starts_at)} {wording.period(booking.starts_at, booking.ends_at)}"
    notify_family(
        family=signup.family_id,
        kind=kind,
        title=f"{title}：{when} {session.title}",
        body=body % {"when": when, "venue": session.venue, "where": _where(session), "reason": reason},
        link=reverse("parenting:session-detail", args=[session.public_id]),
        key=key,
        now=now,
        sms=sms,
        sms_params={"place": session.title, "when": when},
        stream=stream_of(booking),
        district_code=session.district.code,
    )


def _where(session: ClassSession) -> str:
    """「区妇幼保健院 3 楼教室（中州西路 1 号）」"""
    return f"{session.venue}（{session.address}）" if session.address else session.venue


def remind_tomorrow(now: dt.datetime) -> int:
    """Half-hourly job: promise one reminder for every sign-up of tomorrow; running it again adds none."""
    if not may_remind(now):
        return 0
    tomorrow = local_date(now) + dt.timedelta(days=1)
    found = _expected().filter(booking__service_date=tomorrow)
    effects = [_reminder_effect(signup, tomorrow) for signup in found]
    emit_many(effects, now=now)
    return len(effects)


def _reminder_effect(signup: ClassSignup, day: dt.date) -> Effect:
    key, payload = f"{signup.pk}:{day.isoformat()}", {"signup": signup.pk}
    return Effect(TOPIC_REMINDER, key, payload, stream_of(signup.booking), signup.session.district.code)


def send_reminder(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler, of use on the day before alone: by then the place may be given back, moved or called off."""
    tomorrow = local_date(now) + dt.timedelta(days=1)
    signup = _expected().filter(pk=payload["signup"], booking__service_date=tomorrow).first()
    if signup is None:
        return
    _notify(
        signup,
        kind="class_reminder",
        title=_("明天有课堂"),
        body=_("%(when)s\n%(venue)s"),
        key=f"class-reminder-{signup.session_id}-{signup.family_id}-{tomorrow.isoformat()}",
        sms="reminder",
        now=now,
    )


def _expected() -> QuerySet[ClassSignup]:
    """Confirmed places of sessions that take place; those called off may still wait for their cancelling."""
    found = ClassSignup.objects.filter(
        booking__status=Booking.Status.CONFIRMED, session__places__cancelled_at__isnull=True
    )
    return found.select_related("session__district", "booking")
