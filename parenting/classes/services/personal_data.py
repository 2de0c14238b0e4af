"""The parenting app's part of a family's data, with the bookings behind the sign-ups."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from booking.places.states import OPEN
from cms.core.calendar.times import local
from cms.core.display.wording import clock, day
from cms.core.runtime.kernel_ports import DataHold, PersonalDataScope
from parenting.classes.models import ClassSignup

MAX_EXPORTED = 2000


def export_part(scope: PersonalDataScope) -> list[dict[str, Any]]:
    """The family's sign-ups, the newest first; none where there is no family."""
    if scope.family_id is None:
        return []
    rows = ClassSignup.objects.filter(family_id=scope.family_id).select_related("session", "child", "booking")
    return [
        {
            "title": row.session.title,
            "child": row.child.nickname if row.child else "",
            "starts_at": local(row.booking.starts_at).isoformat(timespec="minutes"),
            "ends_at": local(row.booking.ends_at).isoformat(timespec="minutes"),
            "reference": row.booking.reference,
            "status": row.booking.status,
            "active": row.active,
        }
        for row in rows.order_by("-created_at", "-pk")[:MAX_EXPORTED]
    ]


def find_hold(scope: PersonalDataScope, now: dt.datetime) -> DataHold | None:
    """The classes of the scope that are still to come or under way; None if there are none."""
    mine = Q(child_id__in=scope.child_ids)
    if scope.whole_family and scope.family_id is not None:
        mine |= Q(family_id=scope.family_id)
    coming = ClassSignup.objects.filter(mine, active=True, booking__status__in=OPEN, booking__ends_at__gt=now)
    found = list(coming.select_related("session", "booking").order_by("booking__starts_at", "pk"))
    if not found:
        return None
    words = _("还报着 %(count)s 场课堂，请先取消报名：") % {"count": len(found)}
    return DataHold(words, tuple((_named(row), row.session.get_absolute_url()) for row in found))


def _named(signup: ClassSignup) -> str:
    moment = signup.booking.starts_at
    return f"{day(moment)} {clock(moment)} {signup.session.title}"
