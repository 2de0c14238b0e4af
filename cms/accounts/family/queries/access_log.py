"""Who looked at the records of a family's children."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.accounts.models import ChildAccess, Family


def accesses_of(family: Family) -> QuerySet[ChildAccess]:
    """The read log of the family's children, newest first, with child and actor."""
    return ChildAccess.objects.filter(child__family=family).select_related("child", "actor").order_by("-at", "-pk")
