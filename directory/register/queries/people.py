"""Who works where, and what they may therefore see. Every staff page and admin list starts here."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import QuerySet

from cms.accounts.ports import Posts
from directory.districts.models import District, DistrictFact, DistrictStaff, Township
from directory.register.models import (
    Authorisation,
    Institution,
    InstitutionMember,
    InstitutionProfile,
    Refusal,
    StaffInvite,
    Title,
)

Person = AbstractBaseUser | AnonymousUser
Model = TypeVar("Model", bound=models.Model)

#: How each model reaches its district. A model that is not here can't be shown by a scoped admin view.
DISTRICT_PATHS: dict[type[models.Model], str] = {
    District: "pk",
    DistrictFact: "district",
    DistrictStaff: "district",
    Township: "district",
    Institution: "district",
    InstitutionProfile: "institution__district",
    Authorisation: "institution__district",
    Title: "institution__district",
    StaffInvite: "institution__district",
    Refusal: "district",
}


def _key(user: Person) -> int:
    """The user's key; 0, which nobody has, for somebody not signed in."""
    return user.pk or 0


def districts_of(user: Person) -> QuerySet[District]:
    """The districts a person works for; all of them for a superuser."""
    districts = District.objects.order_by("position", "pk")
    if getattr(user, "is_superuser", False):
        return districts
    return districts.filter(pk__in=DistrictStaff.objects.filter(user_id=_key(user)).values("district"))


def in_scope(queryset: QuerySet[Model], user: Person) -> QuerySet[Model]:
    """What of a queryset belongs to the user's districts; a superuser sees everything."""
    if getattr(user, "is_superuser", False):
        return queryset
    path = DISTRICT_PATHS[queryset.model]
    mine = DistrictStaff.objects.filter(user_id=_key(user)).values("district")
    return queryset.filter(**{f"{path}__in": mine})


def institutions_of_staff(user: Person) -> QuerySet[Institution]:
    """Institutions of the districts the user works for."""
    return in_scope(Institution.objects.all(), user)


def memberships_of(user: Person) -> QuerySet[InstitutionMember]:
    """Where the user works now, with the institution."""
    return InstitutionMember.objects.filter(user_id=_key(user), ended_at__isnull=True).select_related("institution")


def members_of(institution: Institution) -> QuerySet[InstitutionMember]:
    """Who works at an institution now, managers first."""
    return (
        institution.members.filter(ended_at__isnull=True).select_related("user").order_by("-role", "created_at", "pk")
    )


def open_invites_of(institution: Institution, *, now: Any) -> QuerySet[StaffInvite]:
    """Links that have been given out and still work."""
    return institution.invites.filter(used_at__isnull=True, expires_at__gt=now).order_by("-created_at")


def posts_of(user: Person) -> Posts:
    """What signing in depends on: see ``cms.accounts.ports``. Two queries."""
    roles = list(memberships_of(user).values_list("role", "institution__caregivers_need_factor"))
    return Posts(
        district_staff=DistrictStaff.objects.filter(user_id=_key(user)).exists(),
        manager=any(role == InstitutionMember.Role.MANAGER for role, _factor in roles),
        caregiver=any(role == InstitutionMember.Role.CAREGIVER for role, _factor in roles),
        caregiver_needs_factor=any(factor for role, factor in roles if role == InstitutionMember.Role.CAREGIVER),
    )
