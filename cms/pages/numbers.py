"""The live numbers of the home page; nothing here belongs to one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest

from directory.districts.queries.districts import DistrictInfo, visitor_district
from directory.register.models import Institution
from parenting.classes.models import ClassSession

COMING_SHOWN = 3


def home_numbers(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """Counts, coming classes and townships of the visitor's district; empty where the site has none yet."""
    district = visitor_district(request, request.GET.get("district", ""))
    if district is None:
        return {"district": None, "townships": [], "institutions": {}, "coming": [], "open_count": 0}
    coming = _coming_sessions(district, now=now)
    return {
        "district": district,
        "townships": district.streets,
        "institutions": count_institutions(district),
        "coming": [_with_remaining(session) for session in coming[:COMING_SHOWN]],
        "open_count": count_open_sessions(coming, now=now),
    }


def count_institutions(district: DistrictInfo) -> dict[str, int]:
    """Public institutions, and how many of them are demonstration and inclusive ones."""
    return Institution.objects.filter(district_id=district.pk, is_public=True).aggregate(
        total=Count("pk"),
        demonstration=Count("pk", filter=Q(is_demonstration=True)),
        inclusive=Count("pk", filter=Q(inclusive_places__gt=0)),
    )


def count_open_sessions(coming: QuerySet[ClassSession], *, now: dt.datetime) -> int:
    """Coming sessions one can sign up for at this moment, full ones left out."""
    return coming.filter(
        places__signup_opens_at__lte=now,
        places__signup_closes_at__gt=now,
        places__cell__taken__lt=F("places__cell__capacity"),
    ).count()


def _coming_sessions(district: DistrictInfo, *, now: dt.datetime) -> QuerySet[ClassSession]:
    return (
        ClassSession.objects.filter(
            district_id=district.pk,
            live=True,
            places__isnull=False,
            places__cancelled_at__isnull=True,
            starts_at__gt=now,
        )
        .select_related("places__cell")
        .order_by("starts_at", "pk")
    )


def _with_remaining(session: ClassSession) -> dict[str, Any]:
    cell = session.places.cell
    return {"session": session, "remaining": max(cell.capacity - cell.taken, 0)}
