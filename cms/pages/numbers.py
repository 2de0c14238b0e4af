"""Which district the home page speaks of, and its live numbers; nothing here belongs to one person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest
from wagtail.models import Site

from cms.pages.models.settings import SiteSettings
from directory.models import District, Institution, Township
from parenting.models import ClassSession

COMING_SHOWN = 3


def home_numbers(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """Counts, coming classes and townships of the visitor's district; empty where the site has none yet."""
    district = get_district(request)
    if district is None:
        return {"district": None, "townships": [], "institutions": {}, "coming": [], "open_count": 0}
    coming = _coming_sessions(district, now=now)
    return {
        "district": district,
        "townships": list(Township.objects.filter(district=district).order_by("code").only("code", "name")),
        "institutions": count_institutions(district),
        "coming": [_with_remaining(session) for session in coming[:COMING_SHOWN]],
        "open_count": count_open_sessions(coming, now=now),
    }


def get_district(request: HttpRequest) -> District | None:
    """The parameter, else the cookie, else the site's own, else the first (design.md 4)."""
    wanted = request.GET.get("district") or getattr(request, "district_slug", "")
    site = Site.find_for_request(request)
    own = SiteSettings.for_site(site).district_id if site is not None else None
    found = {district.slug: district for district in District.objects.order_by("position", "pk")}
    if wanted in found:
        return found[wanted]
    return next((district for district in found.values() if district.pk == own), next(iter(found.values()), None))


def count_institutions(district: District) -> dict[str, int]:
    """Public institutions, and how many of them are demonstration and inclusive ones."""
    return Institution.objects.filter(district=district, is_public=True).aggregate(
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


def _coming_sessions(district: District, *, now: dt.datetime) -> QuerySet[ClassSession]:
    return (
        ClassSession.objects.filter(
            district=district, live=True, places__isnull=False, places__cancelled_at__isnull=True, starts_at__gt=now
        )
        .select_related("places__cell")
        .order_by("starts_at", "pk")
    )


def _with_remaining(session: ClassSession) -> dict[str, Any]:
    cell = session.places.cell
    return {"session": session, "remaining": max(cell.capacity - cell.taken, 0)}
