"""The live numbers of the home page; nothing here belongs to one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from directory.districts.queries.districts import visitor_district
from directory.register.queries.counts import PublicCounts, public_counts
from parenting.classes.queries.sessions import coming_sessions, remaining, with_free_places

COMING_SHOWN = 3


def home_numbers(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """Counts and coming classes of the visitor's district; empty where the site has none yet."""
    district = visitor_district(request, request.GET.get("district", ""))
    if district is None:
        nothing = PublicCounts(filed=0, demonstration=0, inclusive=0)
        return {"district": None, "institutions": nothing, "coming": [], "open_count": 0}
    coming = coming_sessions(district.pk, now=now)
    return {
        "district": district,
        "institutions": public_counts(district),
        "coming": [{"session": session, "remaining": remaining(session)} for session in coming[:COMING_SHOWN]],
        "open_count": with_free_places(coming, now=now).count(),
    }
