"""What families are told about class sessions, in their transaction; no child's name in an SMS."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.places.models import Booking
from cms.accounts.messaging.services.messages import notify_family
from cms.core.calendar.times import local, local_date
from cms.core.display import wording
from cms.core.runtime.outbox import Effect, emit_many
from parenting.classes.models import ClassSession, ClassSignup

TOPIC_REMINDER = "parenting.reminder"
REMIND_FROM, REMIND_UNTIL = dt.time(12), dt.time(21)


def when_of(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """「11月28日 周六 9:30–10:30」"""
    return f"{wording.day(local_date(starts_at))} {wording.period(starts_at, ends_at)}"


def tell_signed_up(*, signup: ClassSignup, now: dt.datetime) -> None:
    """The place is sure."""
    _tell(
        signup,
        kind="class_signed_up",
        title=_("报名成功：%s") % signup.session.title,
        body=_("%(when)s\n%(venue)s\n来不了请尽早取消，名额会给别的家庭。"),
        key=f"class-signup-{signup.booking_id}",
        sms="confirmed",
        now=now,
    )


def tell_cancelled(*, signup: ClassSignup, reason: str, now: dt.datetime) -> None:
    """The session will not take place."""
    title = _("课堂取消：%s") % signup.session.title
    body = _("%(when)s 的课堂不办了。原因：") + reason.replace("%", "%%") if reason else _("%(when)s 的课堂不办了。")
    _tell(
        signup,
        kind="class_cancelled",
        title=title,
        body=body,
        key=f"class-cancelled-{signup.booking_id}",
        sms="class_cancelled",
        now=now,
    )


def tell_changed(*, booking: Booking, session: ClassSession, now: dt.datetime) -> None:
    """The session has a new time."""
    signup = ClassSignup.objects.select_related("session", "family").get(booking=booking)
    signup.session = session
    _tell(
        signup,
        kind="class_changed",
        title=_("课堂改时间：%s") % session.title,
        body=_("现在是 %(when)s，%(venue)s。不方便来可以取消。"),
        key=f"class-changed-{booking.pk}-{session.starts_at.isoformat()}",
        sms="class_changed",
        now=now,
    )


def _tell(signup: ClassSignup, *, kind: str, title: str, body: str, key: str, sms: str, now: dt.datetime) -> None:
    session = signup.session
    words = {"when": when_of(session.starts_at, session.ends_at), "venue": session.venue}
    notify_family(
        family=signup.family_id,
        kind=kind,
        title=title,
        body=body % words,
        link=reverse("parenting:session-detail", args=[session.public_id]),
        key=key,
        now=now,
        sms=sms,
        sms_params={"place": session.title, "when": words["when"]},
    )


def remind_tomorrow(now: dt.datetime) -> int:
    """Job of 12:00: promise one reminder for every sign-up of tomorrow; running it again adds none."""
    if not REMIND_FROM <= local(now).time() < REMIND_UNTIL:
        return 0
    tomorrow = local_date(now) + dt.timedelta(days=1)
    found = ClassSignup.objects.filter(
        active=True, booking__status=Booking.Status.CONFIRMED, booking__service_date=tomorrow
    ).values_list("pk", flat=True)
    effects = [Effect(TOPIC_REMINDER, f"{pk}:{tomorrow.isoformat()}", {"signup": pk}) for pk in found]
    emit_many(effects, now=now)
    return len(effects)


def tell_reminder(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler: remind, unless the place was given back meanwhile or the session has begun."""
    signup = ClassSignup.objects.select_related("session", "booking").filter(pk=payload["signup"], active=True).first()
    if signup is None or signup.booking.starts_at <= now:
        return
    _tell(
        signup,
        kind="class_reminder",
        title=_("明天有课堂：%s") % signup.session.title,
        body=_("%(when)s\n%(venue)s"),
        key=f"class-reminder-{key}",
        sms="reminder",
        now=now,
    )
