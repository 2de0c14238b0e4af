"""Who may come into which workbench."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.accounts.models import User
from directory.register.models import Institution, InstitutionMember, StaffInvite


def memberships_of(user: User) -> list[InstitutionMember]:
    """The user's live memberships with their institutions, by name; none of an institution that has ended."""
    members = InstitutionMember.objects.filter(user_id=user.pk, ended_at__isnull=True)
    open_houses = members.exclude(institution__state=Institution.State.ENDED)
    return list(open_houses.select_related("institution", "institution__district").order_by("institution__name", "pk"))


def people_of(institution: Institution) -> QuerySet[InstitutionMember]:
    """The institution's live members with their users, managers first."""
    members = institution.members.filter(ended_at__isnull=True)
    return members.select_related("user").order_by("-role", "created_at")


def open_invites(institution: Institution) -> QuerySet[StaffInvite]:
    """Invitations not yet used, the last first; overdue ones too, so that the manager sees why nobody came."""
    return institution.invites.filter(used_at__isnull=True).order_by("-created_at")
