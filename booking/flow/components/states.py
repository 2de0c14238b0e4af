"""The state of a booking as its family reads it, on every page."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from booking.places.models import Booking
from booking.places.states import OPEN, WAITING, has_lapsed
from cms.core.display import wording

Status = Booking.Status


def status_words(booking: Booking, *, let_go: bool = False, now: dt.datetime) -> str:
    """「还没确认，保留到 18:37」, 「已预约」; what ran out counts as over at once. ``let_go``: it ran out as a hold."""
    if let_go or (booking.status == Status.HELD and has_lapsed(booking, now=now)):
        return _("没有确认，已放回")
    if booking.status == Status.EXPIRED or has_lapsed(booking, now=now):
        return _("机构没有按时答复")
    if booking.status == Status.HELD and booking.expires_at:
        return _("还没确认，保留到 %s") % wording.clock(booking.expires_at)
    if booking.status == Status.COMPLETED and booking.arrived_at is None:
        return _("已结束")
    words = {
        Status.REQUESTED: _("等机构答复"),
        Status.CONFIRMED: _("已预约"),
        Status.ARRIVED: _("在园"),
        Status.COMPLETED: _("已完成"),
        Status.ABSENT: _("没来"),
        Status.CANCELLED: _("已取消"),
        Status.DECLINED: _("机构没有接受"),
    }
    return words[Status(booking.status)]


def status_tag(booking: Booking, *, now: dt.datetime) -> str:
    """The look of the state: sure, waiting for somebody, or over."""
    if has_lapsed(booking, now=now):
        return ""
    if booking.status in WAITING:
        return "tag--wait"
    return "tag--filed" if booking.status in OPEN else ""
