"""The booking app's part of a family's data: what it exports, and what must be called off before an erasure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.places.models import Booking
from booking.places.states import OPEN, lapsed
from cms.core.calendar.times import local
from cms.core.display.wording import clock, day
from cms.core.runtime.kernel_ports import DataHold, PersonalDataScope

MAX_EXPORTED = 2000
#: What holds a place in a class is the classes' part.
CLASS = Booking.Kind.SESSION


def export_part(scope: PersonalDataScope) -> list[dict[str, Any]]:
    """The family's bookings, the newest first; those that hold a place in a class are the classes' part."""
    if scope.family_id is None:
        return []
    rows = Booking.objects.filter(family_id=scope.family_id).exclude(kind=CLASS).select_related("institution", "child")
    return [
        {
            "reference": row.reference,
            "kind": row.kind,
            "status": row.status,
            "institution": row.institution.name if row.institution else "",
            "child": row.child.nickname if row.child else "",
            "starts_at": local(row.starts_at).isoformat(timespec="minutes"),
            "ends_at": local(row.ends_at).isoformat(timespec="minutes"),
            "amount_fen": row.amount,
        }
        for row in rows.order_by("-starts_at", "-pk")[:MAX_EXPORTED]
    ]


def find_hold(scope: PersonalDataScope, now: dt.datetime) -> DataHold | None:
    """The bookings of the scope that are still to come or under way; None if there are none."""
    mine = Q(child_id__in=scope.child_ids)
    if scope.whole_family and scope.family_id is not None:
        mine |= Q(family_id=scope.family_id)
    coming = Booking.objects.filter(mine, status__in=OPEN, ends_at__gt=now).exclude(kind=CLASS).exclude(lapsed(now))
    found = list(coming.select_related("institution").order_by("starts_at", "pk"))
    if not found:
        return None
    words = _("还有 %(count)s 次托育预约没有结束，请先取消：") % {"count": len(found)}
    return DataHold(words, tuple((_named(row), reverse("me:booking", args=[row.public_id])) for row in found))


def _named(booking: Booking) -> str:
    institution = booking.institution.name if booking.institution else ""
    return f"{day(booking.service_date)} {clock(booking.starts_at)}–{clock(booking.ends_at)} {institution}".strip()
