"""Who works in which institution, and what staff may therefore see. Every page of the workbench starts here."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.accounts.ports import Posts
from cms.core.web.staff_scope import Person, in_scope
from directory.districts.models import DistrictStaff
from directory.districts.queries.people import key_of
from directory.register.models import Institution, InstitutionMember


def institutions_of_staff(user: Person) -> QuerySet[Institution]:
    """Institutions of the districts the user works for."""
    return in_scope(Institution.objects.all(), user)


def memberships_of(user: Person) -> QuerySet[InstitutionMember]:
    """Where the user works now, with the institution."""
    return InstitutionMember.objects.filter(user_id=key_of(user), ended_at__isnull=True).select_related("institution")


def members_of(institution: Institution) -> QuerySet[InstitutionMember]:
    """Who works at an institution now, managers first."""
    return (
        institution.members.filter(ended_at__isnull=True).select_related("user").order_by("-role", "created_at", "pk")
    )


def posts_of(user: Person) -> Posts:
    """What signing in depends on: see ``cms.accounts.ports``. Two queries."""
    roles = list(memberships_of(user).values_list("role", "institution__caregivers_need_factor"))
    return Posts(
        district_staff=DistrictStaff.objects.filter(user_id=key_of(user)).exists(),
        manager=any(role == InstitutionMember.Role.MANAGER for role, _factor in roles),
        caregiver=any(role == InstitutionMember.Role.CAREGIVER for role, _factor in roles),
        caregiver_needs_factor=any(factor for role, factor in roles if role == InstitutionMember.Role.CAREGIVER),
    )
