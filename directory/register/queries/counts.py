"""Numbers of the directory: for the home page, and what waits for staff."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from cms.core.calendar import working_days
from cms.core.web.staff_scope import Person, in_scope
from directory.districts.models import District
from directory.districts.queries.districts import DistrictInfo
from directory.register.models import Authorisation, Institution, InstitutionMember
from directory.register.queries.people import institutions_of_staff

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
    """What staff of a district may have to do.

    ``expiring``: authorisations that run out within ``EXPIRES_SOON``; ``not_ended``: those past their date that the
    nightly job could not end.
    """

    drafts: int
    rectification: int
    overdue_rectification: int
    expiring: int
    not_ended: int
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
    authorisations = in_scope(Authorisation.objects.filter(ended_date__isnull=True), user).aggregate(
        expiring=Count("pk", filter=Q(until_date__range=(today, today + EXPIRES_SOON), published_at__isnull=False)),
        not_ended=Count("pk", filter=Q(until_date__lt=today)),
    )
    managers = InstitutionMember.objects.filter(
        institution=OuterRef("pk"), role=InstitutionMember.Role.MANAGER, ended_at__isnull=True
    )
    return Waiting(
        drafts=found["drafts"],
        rectification=found["rectification"],
        overdue_rectification=found["overdue"],
        expiring=authorisations["expiring"],
        not_ended=authorisations["not_ended"],
        without_manager=rows.filter(~Exists(managers), is_public=True).count(),
        missing_year=_missing_year(today),
    )


def _missing_year(today: dt.date) -> int | None:
    """The first year whose holidays should be known by now but are not entered."""
    entered = working_days.entered_years()
    wanted = [today.year] + ([today.year + 1] if today.month >= CALENDAR_MONTH else [])
    return next((year for year in wanted if year not in entered), None)
