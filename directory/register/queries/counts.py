"""Numbers of the directory: for the home page, and what waits for staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from cms.core.calendar import working_days
from directory.districts.models import District
from directory.districts.queries.districts import DistrictInfo
from directory.register.models import Authorisation, Institution
from directory.register.queries.people import Person, in_scope, institutions_of_staff

EXPIRES_SOON = dt.timedelta(days=60)
#: The notice on next year's holidays comes in November at the latest.
CALENDAR_MONTH = 11


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """Public institutions of a district: all, with the demonstration title, with inclusive places."""

    filed: int
    demonstration: int
    inclusive: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What staff of a district may have to do."""

    drafts: int
    rectification: int
    overdue_rectification: int
    expiring: int
    without_manager: int
    missing_year: int | None


def public_counts(district: District | DistrictInfo | None = None) -> PublicCounts:
    """Counts for the home page, of one district or of all; one query."""
    rows = Institution.objects.filter(is_public=True)
    if district is not None:
        rows = rows.filter(district_id=district.pk)
    found = rows.aggregate(
        filed=Count("pk"),
        demonstration=Count("pk", filter=Q(is_demonstration=True)),
        inclusive=Count("pk", filter=Q(inclusive_places__gt=0)),
    )
    return PublicCounts(**found)


def waiting_for(user: Person, *, today: dt.date) -> Waiting:
    """The dashboard's numbers for the person's districts; four queries."""
    rows = institutions_of_staff(user)
    state = Institution.State
    rectifying = Q(state=state.RECTIFICATION)
    found = rows.aggregate(
        drafts=Count("pk", filter=Q(state=state.DRAFT)),
        rectification=Count("pk", filter=rectifying),
        overdue=Count("pk", filter=rectifying & Q(rectification_until_date__lt=today)),
    )
    expiring = in_scope(Authorisation.objects.live(today), user).filter(until_date__lte=today + EXPIRES_SOON)
    unmanaged = rows.filter(is_public=True).exclude(members__role="manager", members__ended_at__isnull=True)
    return Waiting(
        drafts=found["drafts"],
        rectification=found["rectification"],
        overdue_rectification=found["overdue"],
        expiring=expiring.count(),
        without_manager=unmanaged.count(),
        missing_year=_missing_year(today),
    )


def _missing_year(today: dt.date) -> int | None:
    """The first year whose holidays should be known by now but are not entered."""
    entered = working_days.entered_years()
    wanted = [today.year] + ([today.year + 1] if today.month >= CALENDAR_MONTH else [])
    return next((year for year in wanted if year not in entered), None)
