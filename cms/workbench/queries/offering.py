"""Classes and products of an institution, as its settings list them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

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


def closing_days_of(institution: Institution, since: dt.date) -> QuerySet[ClosingDay]:
    """Closing days from a day on."""
    return institution.closing_days.filter(date__gte=since).order_by("date")


def closing_day_of(institution: Institution, day: dt.date) -> ClosingDay | None:
    """The closing of one day."""
    return institution.closing_days.filter(date=day).first()
