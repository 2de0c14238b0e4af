"""Which classes an institution runs, and from which age on one of them takes a child."""

from __future__ import annotations

from collections.abc import Collection

from booking.places.stay_rules import bucket_for
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH
from directory.register.models import ClassGroup, Institution


def kinds_run(institution: Institution) -> set[str]:
    """Class kinds the institution runs now."""
    return set(ClassGroup.objects.filter(institution_id=institution.pk, active=True).values_list("kind", flat=True))


def first_month_taken(kinds: Collection[str], age_months: int) -> int | None:
    """The next completed month at which one of the kinds takes the child."""
    months = range(max(age_months + 1, FIRST_MONTH), END_MONTH)
    return next((month for month in months if bucket_for(kinds, month)), None)
