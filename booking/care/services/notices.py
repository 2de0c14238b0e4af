"""Notices to families when a booking changes state (messages in 我的 and SMS), and the reminder of the day before.

No notice carries the child's name or age: an SMS is read on locked screens and passes through a provider.
The notices of sessions are sent by parenting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.care.services.transition import stream_of
from booking.places.models import Booking, BookingEvent
from cms.accounts.messaging.services.messages import notify_family
from cms.core.calendar.reminders import may_remind
from cms.core.calendar.times import local_date
from cms.core.display import wording
from cms.core.runtime.outbox import Effect, emit_many
from cms.core.security.codes import spell_reference

TOPIC_MOVED = "booking.moved"
TOPIC_REMINDER = "booking.reminder"
Status = Booking.Status
Side = BookingEvent.Side


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; ``sms`` names the text message, None where the message alone is enough."""

    kind: str
    title: str
    body: str
    sms: str | None


def send_move_notice(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler of ``booking.moved``: one notice per move; moves of which nobody needs to know send none.

    ``day_closed`` in the payload (``stopped`` in messages of the first release): the institution closed the day.
    """
    found = Booking.objects.select_related("family", "institution", "district")
    booking = found.filter(pk=payload["booking"]).first()
    if booking is None or booking.kind != Booking.Kind.CARE:
        return
    event = BookingEvent.objects.filter(pk=payload["event"], booking=booking).first()
    if event is None:
        return
    day_closed = bool(payload.get("day_closed") or payload.get("stopped"))
    notice = notice_for_move(booking, event, day_closed=day_closed)
    if notice is not None:
        _send(booking, notice, key=f"booking.moved:{event.pk}", now=now)


def notice_for_move(booking: Booking, event: BookingEvent, *, day_closed: bool) -> Notice | None:
    """The notice of one move, or None where none is needed: marks at the door, holds that were not confirmed."""
    match event.from_status, event.to_status:
        case Status.HELD, Status.CONFIRMED:
            return _confirmed(booking, event)
        case Status.HELD, Status.REQUESTED:
            return _requested(booking)
        case Status.REQUESTED, Status.CONFIRMED:
            return _accepted(booking, event)
        case Status.REQUESTED, Status.DECLINED:
            return _declined(booking, event.reason)
        case Status.REQUESTED, Status.EXPIRED:
            return _lapsed(booking)
        case Status.REQUESTED | Status.CONFIRMED, Status.CANCELLED:
            return _cancelled(booking, event, day_closed=day_closed)
    return None


def remind_tomorrow(now: dt.datetime) -> int:
    """Daily job: promise one reminder for every care booking of tomorrow; running it again adds none."""
    if not may_remind(now):
        return 0
    tomorrow = local_date(now) + dt.timedelta(days=1)
    found = _to_remind(tomorrow).select_related("district").only("public_id", "district__code")
    effects = [_reminder_effect(booking, tomorrow) for booking in found.iterator()]
    emit_many(effects, now=now)
    return len(effects)


def _reminder_effect(booking: Booking, day: dt.date) -> Effect:
    key, payload = f"{booking.pk}:{day.isoformat()}", {"booking": booking.pk}
    return Effect(TOPIC_REMINDER, key, payload, stream_of(booking), booking.district.code)


def send_reminder(payload: dict[str, Any], *, key: str, now: dt.datetime) -> None:
    """Outbox handler of ``booking.reminder``, which says 「明天」: silent once it is the day itself.

    A booking that was cancelled or marked meanwhile is left alone. Children of a family who are at one institution at
    the same time have one reminder, whichever of them is sent first; it counts those who are still expected.
    """
    today = local_date(now)
    due = _to_remind(today + dt.timedelta(days=1)).select_related("family", "institution", "district")
    booking = due.filter(pk=payload["booking"]).first()
    if booking is None:
        return
    same = {name: getattr(booking, name) for name in ("family", "institution", "starts_at", "ends_at")}
    together = list(due.filter(**same).order_by("pk"))
    body = [_place(*together), *_how_many(together), _references(together), *_cancel_until(together, now)]
    notice = Notice("booking_reminder", _title(_("提醒"), booking), "\n".join(body), "reminder")
    stay = f"{booking.starts_at.isoformat()}-{booking.ends_at.isoformat()}"
    once = f"booking.reminder:{booking.family_id}:{booking.institution_id}:{stay}"
    _send(booking, notice, key=once, now=now, link=reverse("me:bookings") if len(together) > 1 else None)


def _how_many(together: list[Booking]) -> Iterable[str]:
    """「2 个宝宝」, never who."""
    return [_("%d 个宝宝") % len(together)] if len(together) > 1 else []


def _references(together: list[Booking]) -> str:
    return _("预约号 %s") % "、".join(spell_reference(booking.reference) for booking in together)


def _cancel_until(together: list[Booking], now: dt.datetime) -> Iterable[str]:
    """Until when all of them can be cancelled free of charge; nothing where that is over for one."""
    ends = [booking.free_cancel_until for booking in together]
    until = min((end for end in ends if end), default=None)
    if until is None or None in ends or until <= now:
        return []
    day_and_clock = {"day": wording.near_day(until, local_date(now)), "clock": wording.clock(until)}
    return [_("来不了请在%(day)s %(clock)s 前取消。") % day_and_clock]


def _to_remind(day: dt.date) -> QuerySet[Booking]:
    """Care that takes place on a day; those who came are not expected any more."""
    return Booking.objects.filter(kind=Booking.Kind.CARE, status=Status.CONFIRMED, service_date=day)


def _confirmed(booking: Booking, event: BookingEvent) -> Notice:
    body = [_place(booking), _reference(booking), *_free_until(booking, event)]
    return Notice("booking_confirmed", _title(_("预约成功"), booking), "\n".join(body), "confirmed")


def _requested(booking: Booking) -> Notice:
    body = [_place(booking), _reference(booking)]
    if booking.expires_at:
        body.append(_("机构会在%s 前答复，答复了就告诉您。") % wording.moment(booking.expires_at))
    return Notice("booking_requested", _title(_("已提交，等机构答复"), booking), "\n".join(body), "requested")


def _accepted(booking: Booking, event: BookingEvent) -> Notice:
    body = [_place(booking), _reference(booking), *_free_until(booking, event)]
    return Notice("booking_accepted", _title(_("机构接受了预约"), booking), "\n".join(body), "accepted")


def _declined(booking: Booking, reason: str) -> Notice:
    body = [_place(booking), *because(reason), _("可以换个时间，或看看附近别的机构。")]
    return Notice("booking_declined", _title(_("机构没能接受"), booking), "\n".join(body), "declined")


def _lapsed(booking: Booking) -> Notice:
    body = [_place(booking), _("机构没有按时答复，这次预约不作数，不收费。可以换个时间，或看看附近别的机构。")]
    return Notice("booking_lapsed", _title(_("预约没有成"), booking), "\n".join(body), "lapsed")


def _cancelled(booking: Booking, event: BookingEvent, *, day_closed: bool) -> Notice:
    if event.side == Side.PARENT:
        body = [_place(booking), _("这次预约由您家取消了，不收费。还想来，打开这次预约，点「在这家再约一次」。")]
        return Notice("booking_cancelled", _title(_("已取消"), booking), "\n".join(body), None)
    body = [_place(booking), *because(event.reason), _("不收费。可以换个时间，或看看附近别的机构。")]
    if event.side == Side.STAFF:
        title = _title(stopped_words(event.reason), booking)
        return Notice("care_stopped", title, "\n".join(body), stopped_sms([event]))
    if day_closed:
        title = _title(_("机构这天不开放，预约已取消"), booking)
        return Notice("day_closed", title, "\n".join(body), "day_closed")
    title = _title(_("机构取消了预约"), booking)
    return Notice("booking_cancelled_by_institution", title, "\n".join(body), "cancelled")


def _title(words: str, booking: Booking) -> str:
    """「预约成功：11月30日 周一 14:00–17:00 示例园」; the name comes last, for it may be long."""
    return f"{words}：{_when(booking)} {_name(booking)}"


def _free_until(booking: Booking, event: BookingEvent) -> Iterable[str]:
    """Until when cancelling is free, if that was still to come when the booking was made."""
    until = booking.free_cancel_until
    return [_("%s 前可免费取消。") % wording.moment(until)] if until and until > event.at else []


def _send(booking: Booking, notice: Notice, *, key: str, now: dt.datetime, link: str | None = None) -> None:
    notify_family(
        family=booking.family,
        kind=notice.kind,
        title=notice.title,
        body=notice.body,
        link=link or reverse("me:booking", args=[booking.public_id]),
        key=key,
        now=now,
        sms=notice.sms,
        sms_params=_sms_params(booking),
        stream=stream_of(booking),
        district_code=booking.district.code,
    )


def _sms_params(booking: Booking) -> dict[str, str]:
    return {"place": _name(booking), "when": _when(booking)}


def _when(booking: Booking) -> str:
    return f"{wording.day(booking.service_date)} {wording.period(booking.starts_at, booking.ends_at)}"


def _name(booking: Booking) -> str:
    return booking.institution.name  # type: ignore[union-attr]  # every care booking has one


def _place(booking: Booking, *others: Booking) -> str:
    """Institution and mode; all modes where others of the family come by another."""
    modes = dict.fromkeys(str(each.get_mode_display()) for each in (booking, *others))
    return f"{_name(booking)}　{'、'.join(modes)}"


def _reference(booking: Booking) -> str:
    return _references([booking])


def stopped_words(reason: str) -> str:
    """Why the booking ended where the district stopped care: the institution did not choose to cancel it."""
    return _("%(reason)s，预约已取消") % {"reason": reason} if reason else _("预约已取消")


def stopped_sms(events: Iterable[BookingEvent]) -> str:
    """The text message of what the district ended: who only asked for a place has not lost one."""
    return "declined" if all(event.from_status == Status.REQUESTED for event in events) else "day_closed"


def because(reason: str) -> Iterable[str]:
    """The line with the reason, if there is one."""
    return [_("原因：%s") % reason] if reason else []
