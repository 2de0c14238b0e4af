"""The live numbers of the home page; nothing here belongs to one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest

from directory.districts.queries.districts import DistrictInfo, visitor_district
from directory.register.models import Institution
from parenting.classes.queries.sessions import coming_sessions, remaining, with_free_places

COMING_SHOWN = 3


def home_numbers(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """Counts, coming classes and townships of the visitor's district; empty where the site has none yet."""
    district = visitor_district(request, request.GET.get("district", ""))
    if district is None:
        return {"district": None, "townships": [], "institutions": {}, "coming": [], "open_count": 0}
    coming = coming_sessions(district.pk, now=now)
    return {
        "district": district,
        "townships": district.streets,
        "institutions": count_institutions(district),
        "coming": [{"session": session, "remaining": remaining(session)} for session in coming[:COMING_SHOWN]],
        "open_count": with_free_places(coming, now=now).count(),
    }


def count_institutions(district: DistrictInfo) -> dict[str, int]:
    """Public institutions, and how many of them are demonstration and inclusive ones."""
    return Institution.objects.filter(district_id=district.pk, is_public=True).aggregate(
        total=Count("pk"),
        demonstration=Count("pk", filter=Q(is_demonstration=True)),
        inclusive=Count("pk", filter=Q(inclusive_places__gt=0)),
    )
