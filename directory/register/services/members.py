"""Who works for an institution: what people are called, the end of a membership, the second factor of caregivers.

How people come in is ``services.invites``. Accounts and second factors are ``cms.accounts``' own.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import User
from cms.accounts.names import MAX_NAME, BadName, read_name
from cms.core.errors import InvalidInput, NotAllowed, Refused
from directory.districts.services.checking import lock_row
from directory.districts.services.history import record
from directory.register.models import Institution, InstitutionMember

Role = InstitutionMember.Role


class ManagerOnly(NotAllowed):
    """Who asks does not manage the institution, or no longer does."""

    message = _("您已不是这家机构的负责人。")


class LastManager(Refused):
    """An institution may not be left without a manager by the manager's own hand."""

    code = "last_manager"
    message = _("这是最后一位负责人，请先邀请另一位负责人。")


class NoLongerHere(Refused):
    """The person was let go since the page was opened."""

    code = "no_longer_here"
    message = _("这个人已经停用，请刷新名单。")


@transaction.atomic
def end_membership(*, member: InstitutionMember, actor: User, now: dt.datetime) -> InstitutionMember:
    """A manager lets somebody go. Raises ``ManagerOnly``, ``LastManager``."""
    institution = lock_row(member.institution)
    # Asked again under the lock: two managers who end each other at once would leave nobody.
    require_manager(institution, actor)
    others = institution.members.filter(role=Role.MANAGER, ended_at__isnull=True).exclude(pk=member.pk)
    if member.role == Role.MANAGER and not others.exists():
        raise LastManager
    return _end(member, actor=actor, now=now)


@transaction.atomic
def end_membership_by_district(
    *, member: InstitutionMember, actor: AbstractBaseUser | None, now: dt.datetime
) -> InstitutionMember:
    """District staff let somebody go, the last manager too. Whether they may is checked by the caller's query."""
    lock_row(member.institution)
    return _end(member, actor=actor, now=now)


def end_memberships(*, institution: Institution, actor: AbstractBaseUser | None, now: dt.datetime) -> None:
    """The institution has ended: nobody works there, no link leads in. Inside the caller's transaction."""
    for member in institution.members.filter(ended_at__isnull=True).order_by("pk"):
        end_membership_by_district(member=member, actor=actor, now=now)
    unused = institution.invites.filter(used_at__isnull=True)
    unused.update(name="", token="")
    unused.filter(expires_at__gt=now).update(expires_at=now)


@transaction.atomic
def name_member(*, member: InstitutionMember, name: str, actor: User) -> InstitutionMember:
    """What colleagues call somebody: said by a manager of the institution or by the person.

    Raises ``ManagerOnly`` for anybody else, ``InvalidInput`` for no name or one too long.
    """
    institution = lock_row(member.institution)
    if member.user_id != actor.pk:
        require_manager(institution, actor)
    return _name(member, name=name, actor=actor)


@transaction.atomic
def name_member_by_district(*, member: InstitutionMember, name: str, actor: AbstractBaseUser) -> InstitutionMember:
    """District staff write the name. Whether they may is checked by the caller's query; else as ``name_member``."""
    lock_row(member.institution)
    return _name(member, name=name, actor=actor)


def read_member_name(text: str, *, required: bool = False) -> str:
    """A name as it is stored. Raises ``InvalidInput``."""
    try:
        return read_name(text, label=str(_("姓名")), most=MAX_NAME, required=required)
    except BadName as problem:
        raise InvalidInput(str(problem), fields={"name": str(problem)}) from None


@transaction.atomic
def set_caregivers_factor(*, institution: Institution, needed: bool, actor: User, now: dt.datetime) -> Institution:
    """Whether this institution's caregivers need a second factor too. ``ManagerOnly`` for all but its managers."""
    institution = lock_row(institution)
    require_manager(institution, actor)
    if institution.caregivers_need_factor != needed:
        institution.caregivers_need_factor = needed
        institution.changed_at = now
        institution.save(update_fields=["caregivers_need_factor", "changed_at"])
        record(instance=institution, action="directory.caregivers_factor", actor=actor, needed=needed)
    return institution


def record_member(action: str, member: InstitutionMember, actor: AbstractBaseUser | None) -> None:
    """An entry in the institution's history about one of its people, by key: names stand in the member's row alone."""
    record(instance=member.institution, action=action, actor=actor, role=member.role, member=member.pk)


def require_manager(institution: Institution, actor: User) -> None:
    """Raise ``ManagerOnly`` unless the user manages the institution now; under its lock if an act follows."""
    if not institution.members.filter(user=actor, role=Role.MANAGER, ended_at__isnull=True).exists():
        raise ManagerOnly


def _name(member: InstitutionMember, *, name: str, actor: AbstractBaseUser) -> InstitutionMember:
    called = read_member_name(name, required=True)
    member = InstitutionMember.objects.select_related("institution").get(pk=member.pk)
    if member.ended_at is not None:
        raise NoLongerHere
    if member.name != called:
        member.name = called
        member.save(update_fields=["name"])
        record_member("directory.member_name", member, actor)
    return member


def _end(member: InstitutionMember, *, actor: AbstractBaseUser | None, now: dt.datetime) -> InstitutionMember:
    member = InstitutionMember.objects.get(pk=member.pk)
    if member.ended_at is None:
        member.ended_at = now
        member.save(update_fields=["ended_at"])
        record_member("directory.member_end", member, actor)
    return member
