"""Who works at which institution."""

from __future__ import annotations

from django.db.models import QuerySet

from cms.core.web.staff_scope import Person
from directory.districts.queries.people import key_of
from directory.register.models import Institution, InstitutionMember, StaffInvite


def live_memberships(user: Person) -> QuerySet[InstitutionMember]:
    """Where the user works now; nobody works at an institution that has ended."""
    members = InstitutionMember.objects.filter(user_id=key_of(user), ended_at__isnull=True)
    return members.exclude(institution__state=Institution.State.ENDED)


def memberships_of(user: Person) -> list[InstitutionMember]:
    """The workbenches the user may open, with their institutions by name."""
    members = live_memberships(user).select_related("institution", "institution__district")
    return list(members.order_by("institution__name", "pk"))


def members_of(institution: Institution) -> QuerySet[InstitutionMember]:
    """The institution's live members with their users, managers first."""
    members = institution.members.filter(ended_at__isnull=True)
    return members.select_related("user").order_by("-role", "created_at", "pk")


def open_invites(institution: Institution) -> QuerySet[StaffInvite]:
    """Invitations not yet used, the last first; overdue ones too, so that the manager sees why nobody came."""
    return institution.invites.filter(used_at__isnull=True).order_by("-created_at")
