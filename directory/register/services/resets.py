"""Somebody who works for an institution lost the password or the second factor.

Whoever gets a new way into an account could use it themselves. So a manager resets only who works nowhere else and has
no child's data there, and district staff only who works in their districts alone; whoever enters the admin is reset
where posts are given.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.families import children_of
from cms.accounts.models import User
from cms.accounts.signin.services.resets import OpensMore, OwnReset, begin_again
from cms.core.errors import NotAllowed
from directory.districts.queries.people import enters_admin
from directory.districts.services.checking import lock_row
from directory.register.models import InstitutionMember
from directory.register.queries.memberships import live_memberships, works_beyond
from directory.register.services.members import NoLongerHere, record_member, require_manager


class HasChildren(NotAllowed):
    """The account holds the data of the person's own children too, which are no business of a colleague."""

    code = "has_children"
    message = _("这个账号里还有自家宝宝的资料，机构不能重置。请联系区里。")


@transaction.atomic
def reset_member(*, member: InstitutionMember, seen: int, keeps_factor: bool, actor: User, now: dt.datetime) -> str:
    """A manager lets a colleague begin again; see ``begin_again`` for what ends and what is returned.

    Raises ``ManagerOnly``, ``OwnReset``, ``OpensMore``, ``HasChildren``, ``NoLongerHere``, ``ResetMeanwhile``.
    """
    require_manager(lock_row(member.institution), actor)
    _require_another(member, actor)
    if live_memberships(member.user).exclude(institution=member.institution_id).exists():
        raise OpensMore
    if not member.user.signs_in_by_phone and children_of(member.user).exists():
        raise HasChildren
    return _reset(member, seen=seen, keeps_factor=keeps_factor, actor=actor, now=now)


@transaction.atomic
def reset_member_by_district(
    *, member: InstitutionMember, seen: int, keeps_factor: bool, actor: User, now: dt.datetime
) -> str:
    """District staff do the same for who works in their districts alone.

    Whether they may act for the institution is checked by the caller's query. Raises ``OwnReset``, ``OpensMore``,
    ``NoLongerHere``, ``ResetMeanwhile``.
    """
    lock_row(member.institution)
    _require_another(member, actor)
    if works_beyond(member.user, actor):
        raise OpensMore
    return _reset(member, seen=seen, keeps_factor=keeps_factor, actor=actor, now=now)


def _require_another(member: InstitutionMember, actor: User) -> None:
    if member.user_id == actor.pk:
        raise OwnReset


def _reset(member: InstitutionMember, *, seen: int, keeps_factor: bool, actor: User, now: dt.datetime) -> str:
    member = InstitutionMember.objects.select_related("institution__district", "user").get(pk=member.pk)
    if member.ended_at is not None:
        raise NoLongerHere
    if enters_admin(member.user):
        raise OpensMore
    place = member.institution.name
    token = begin_again(user=member.user, seen=seen, keeps_factor=keeps_factor, place=place, actor=actor, now=now)
    action = "directory.reset_password" if token and keeps_factor else "directory.reset_all"
    record_member(action, member, actor)
    return token
