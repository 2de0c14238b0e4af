"""Classes and products of an institution, as its settings list them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import CareProduct, ClassGroup, ClosingDay, Institution


def class_groups_of(institution: Institution) -> QuerySet[ClassGroup]:
    """All classes with their hours, the open ones first."""
    return institution.class_groups.prefetch_related("opening_rules").order_by("-active", "pk")


def class_group_of(institution: Institution, public_id: str) -> ClassGroup | None:
    """One class of this institution."""
    return institution.class_groups.prefetch_related("opening_rules").filter(public_id=public_id).first()


def products_of(institution: Institution) -> QuerySet[CareProduct]:
    """All ways to be looked after, those offered now first."""
    return institution.products.order_by("-active", "mode", "part", "starts", "pk")


def product_of(institution: Institution, public_id: str) -> CareProduct | None:
    """One product of this institution."""
    return institution.products.filter(public_id=public_id).first()


def closings_on(institution: Institution, day: dt.date) -> list[ClosingDay]:
    """What is closed on one day, the whole institution first."""
    return list(institution.closing_days.filter(date=day).order_by("class_kind", "from_minute", "-to_minute"))


def kinds_run(institution: Institution) -> list[str]:
    """Kinds of the classes that are run, youngest first."""
    run = set(institution.class_groups.filter(active=True).values_list("kind", flat=True))
    return [str(kind) for kind in CLASS_RULES if kind in run]
