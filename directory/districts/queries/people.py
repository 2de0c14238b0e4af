"""Which districts a person works for. Every admin list starts here."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.core.web.staff_scope import Person
from directory.districts.models import District, DistrictStaff


def key_of(user: Person) -> int:
    """The user's key; 0, which nobody has, for somebody not signed in."""
    return user.pk or 0


def districts_of(user: Person) -> QuerySet[District]:
    """The districts a person works for; all of them for a superuser."""
    districts = District.objects.order_by("position", "pk")
    if getattr(user, "is_superuser", False):
        return districts
    return districts.filter(pk__in=DistrictStaff.objects.filter(user_id=key_of(user)).values("district"))
