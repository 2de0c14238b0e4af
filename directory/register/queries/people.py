"""What staff of a district see of the register, and what posts a user has."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.accounts.ports import Posts
from cms.core.web.staff_scope import Person, in_scope
from directory.districts.enums import Department
from directory.districts.queries.people import departments_of
from directory.register.models import Institution, InstitutionMember
from directory.register.queries.memberships import live_memberships


def institutions_of_staff(user: Person) -> QuerySet[Institution]:
    """Institutions of the districts the user works for."""
    return in_scope(Institution.objects.all(), user)


def posts_of(user: Person) -> Posts:
    """What signing in depends on: see ``cms.accounts.ports``. Two queries."""
    roles = list(live_memberships(user).values_list("role", "institution__caregivers_need_factor"))
    departments = departments_of(user)
    return Posts(
        district_staff=bool(departments - {Department.SITE_EDITOR}),
        site_editor=Department.SITE_EDITOR in departments,
        manager=any(role == InstitutionMember.Role.MANAGER for role, _factor in roles),
        caregiver=any(role == InstitutionMember.Role.CAREGIVER for role, _factor in roles),
        caregiver_needs_factor=any(factor for role, factor in roles if role == InstitutionMember.Role.CAREGIVER),
    )
