"""Who works at which institution."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from cms.core.web.staff_scope import Person, in_scope
from directory.districts.queries.people import key_of
from directory.register.models import Institution, InstitutionMember, StaffInvite


def live_memberships(user: Person) -> QuerySet[InstitutionMember]:
    """Where the user works now; nobody works at an institution that has ended."""
    members = InstitutionMember.objects.filter(user_id=key_of(user), ended_at__isnull=True)
    return members.exclude(institution__state=Institution.State.ENDED)


def ended_workplace(user: Person) -> Institution | None:
    """The institution that ended and where the user worked until then; None where there is none."""
    members = InstitutionMember.objects.filter(user_id=key_of(user), institution__state=Institution.State.ENDED)
    last = members.select_related("institution__district").order_by("-ended_at", "-pk").first()
    return last.institution if last else None


def works_beyond(user: Person, actor: Person) -> bool:
    """Whether the user works at an institution that is not in the other's districts."""
    return live_memberships(user).exclude(institution__in=in_scope(Institution.objects.all(), actor)).exists()


def memberships_of(user: Person) -> list[InstitutionMember]:
    """The workbenches the user may open, with their institutions by name."""
    members = live_memberships(user).select_related("institution", "institution__district")
    return list(members.order_by("institution__name", "pk"))


def works_at(user: Person, institution: Institution) -> bool:
    """Whether the user works at this institution now."""
    return live_memberships(user).filter(institution=institution).exists()


def has_worked(user: Person) -> bool:
    """Whether the user ever worked at an institution, wherever that was."""
    return InstitutionMember.objects.filter(user_id=key_of(user)).exists()


def members_of(institution: Institution) -> QuerySet[InstitutionMember]:
    """The institution's live members with their users, managers first."""
    members = institution.members.filter(ended_at__isnull=True)
    return members.select_related("user").order_by("-role", "created_at", "pk")


def names_in(institution_id: int) -> dict[int, str]:
    """User → what colleagues call them, of all who work there or did; one query."""
    members = InstitutionMember.objects.filter(institution_id=institution_id).select_related("user").order_by("pk")
    called: dict[int, str] = {}
    for member in members:
        # Who left and came back may have been named only once.
        if member.name or member.user_id not in called:
            called[member.user_id] = member.called
    return called


def called_in(institution_id: int) -> dict[int, str]:
    """Member → what they are called, of all who work there or did; one query."""
    members = InstitutionMember.objects.filter(institution_id=institution_id).select_related("user")
    return {member.pk: member.called for member in members}


def waiting_invites(institution: Institution) -> QuerySet[StaffInvite]:
    """Invitations neither used nor taken back, the last first; overdue ones too, so that one sees why nobody came."""
    unused = institution.invites.filter(used_at__isnull=True, taken_back_at__isnull=True)
    return unused.order_by("-created_at", "-pk")


def open_invites(institution: Institution, *, now: dt.datetime) -> QuerySet[StaffInvite]:
    """Invitations that still let somebody in."""
    return waiting_invites(institution).filter(expires_at__gt=now)
