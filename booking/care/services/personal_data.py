"""The booking app's part of a family's data: what it exports, and what must be called off before an erasure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from booking.places.models import Booking
from booking.places.states import OPEN, lapsed
from cms.core.calendar.times import local
from cms.core.display.wording import day
from cms.core.runtime.kernel_ports import PersonalDataScope

MAX_EXPORTED = 2000


def export_part(scope: PersonalDataScope) -> list[dict[str, Any]]:
    """The family's bookings of every kind, the newest first."""
    if scope.family_id is None:
        return []
    rows = Booking.objects.filter(family_id=scope.family_id).select_related("institution", "child")
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


def find_hold(scope: PersonalDataScope, now: dt.datetime) -> str:
    """A sentence if a booking of the scope is still to come or under way, else ""."""
    mine = Q(child_id__in=scope.child_ids)
    if scope.whole_family and scope.family_id is not None:
        mine |= Q(family_id=scope.family_id)
    coming = Booking.objects.filter(mine, status__in=OPEN, ends_at__gt=now)
    coming = coming.exclude(lapsed(now))
    days = sorted(coming.values_list("service_date", flat=True))
    if not days:
        return ""
    return _("还有 %(count)s 次预约没有结束，最近的是%(day)s。请先取消这些预约。") % {
        "count": len(days),
        "day": day(days[0]),
    }
