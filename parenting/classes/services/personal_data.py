"""The parenting app's part of a family's data; the bookings behind the sign-ups are booking's part."""

from __future__ import annotations

from typing import Any

from cms.core.calendar.times import local
from cms.core.runtime.kernel_ports import PersonalDataScope
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
            "active": row.active,
        }
        for row in rows.order_by("-created_at", "-pk")[:MAX_EXPORTED]
    ]
