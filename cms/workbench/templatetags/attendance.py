"""Words about what was recorded at the door: `{% load attendance %}`."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from booking.places.models import Booking, BookingEvent
from booking.places.states import UNANSWERED, UNDO
from cms.core.display import wording

register = template.Library()
S = Booking.Status


@register.filter
def tail(phone: str) -> str:
    """「尾号 1234」: enough to tell who stands at the door, and no number to call."""
    return _("尾号 %s") % phone[-4:] if phone else ""


@register.filter
def attendance_words(booking: Booking) -> str:
    """「在园 9:40」「已离园 11:55」「没点离园」: what is recorded of a stay; else its state."""
    if booking.status == S.ARRIVED and booking.arrived_at:
        return _("在园 %s") % wording.clock(booking.arrived_at)
    if booking.status != S.COMPLETED:
        return str(booking.get_status_display())
    if booking.left_at:
        return _("已离园 %s") % wording.clock(booking.left_at)
    return _("没有记离园") if booking.arrived_at else _("没有记录")


def act_words(act: str, booking: Booking) -> str:
    """「当当 已签到 9:39」: what is said and read aloud after an act at the door."""
    name = booking.child.nickname if booking.child else ""
    if act == "undo":
        return _("%(name)s 已撤回，现在是%(state)s") % {"name": name, "state": _state(booking.status)}
    words = {S.ARRIVED: _("已签到 %s"), S.COMPLETED: _("已离园 %s"), S.ABSENT: _("记为没来")}[S(booking.status)]
    moment = booking.arrived_at if booking.status == S.ARRIVED else booking.left_at
    return f"{name} {words % wording.clock(moment) if moment else words}"


def named(booking: Booking, words: str) -> str:
    """「当当：…」: a refusal says whom it is about, as the row may have gone out of sight."""
    return f"{booking.child.nickname}：{words}" if booking.child else words


@register.filter
def is_correction(event: BookingEvent) -> bool:
    """Whether somebody wrote why."""
    return event.reason not in ("", UNDO, UNANSWERED)


@register.filter
def event_words(event: BookingEvent) -> str:
    """「签到」「撤回离园」「到 9:40 改为 9:10」: one line of the history."""
    if event.reason == UNDO:
        return _("撤回%s") % _mark(event.from_status)
    if event.reason == UNANSWERED:
        came = event.from_status == S.ARRIVED
        return _("当天没有记离园，按预约时间结束") if came else _("当天没有记到没到，按预约时间结束")
    return _correction(event) if is_correction(event) else _mark(event.to_status)


def _mark(status: str) -> str:
    return {S.ARRIVED: _("签到"), S.COMPLETED: _("离园"), S.ABSENT: _("没来")}.get(S(status), str(S(status).label))


def _correction(event: BookingEvent) -> str:
    parts = []
    if event.from_status != event.to_status:
        words = {"before": _state(event.from_status), "after": _state(event.to_status)}
        parts.append(_("%(before)s改为%(after)s") % words)
    for name, label in (("arrived_at", _("到")), ("left_at", _("离"))):
        if pair := (event.times or {}).get(name):
            before, after = (wording.clock(dt.datetime.fromisoformat(each)) if each else _("未填") for each in pair)
            parts.append(_("%(what)s %(before)s 改为 %(after)s") % {"what": label, "before": before, "after": after})
    return _("更正：%s") % "，".join(parts) if parts else _("补记：别的不清楚")


def _state(status: str) -> str:
    return {S.CONFIRMED: _("还没到"), S.COMPLETED: _("已离园")}.get(S(status), str(S(status).label))
