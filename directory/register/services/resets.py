"""Somebody who works for an institution lost the password or the second factor: their ways in begin again.

Whoever gets a new way into an account could use it themselves. So a manager resets only who works nowhere else and has
no child's data there, and district staff only who works in their districts alone; whoever enters the admin is reset
where posts are given.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.families import children_of
from cms.accounts.messaging.services.account_notices import tell_of_reset
from cms.accounts.models import User
from cms.accounts.signin.services.second_factor import reset_factors
from cms.accounts.signin.services.setup_links import lock_user, reset_account
from cms.core.errors import NotAllowed, Refused
from directory.districts.queries.people import enters_admin
from directory.districts.services.checking import lock_row
from directory.register.models import InstitutionMember
from directory.register.queries.memberships import live_memberships, works_beyond
from directory.register.queries.people import signs_in_by_phone
from directory.register.services.members import NoLongerHere, record_member, require_manager


class OwnReset(Refused):
    """Whoever is signed in changes their own password and factor; a reset would sign them out with nothing."""

    code = "own_reset"
    message = _("这是您自己。请到「账号安全」里改密码、换验证器。")


class WorksElsewhere(NotAllowed):
    """The account opens more than the one who asks may open."""

    code = "works_elsewhere"
    message = _("这个账号还在别处工作，您不能重置。请联系区里或网站管理员。")


class HasChildren(NotAllowed):
    """The account holds the data of the person's own children too, which are no business of a colleague."""

    code = "has_children"
    message = _("这个账号里还有自家宝宝的资料，机构不能重置。请联系区里。")


class ResetMeanwhile(Refused):
    """The account was reset, or its password changed, since the page was opened."""

    code = "reset_meanwhile"
    message = _("这个账号刚刚重置过或改过密码。还需要的话，请再确认一次。")


@transaction.atomic
def reset_member(*, member: InstitutionMember, seen: int, keeps_factor: bool, actor: User, now: dt.datetime) -> str:
    """A manager lets a colleague begin again. Returns the token of the link, "" for who signs in by phone.

    With a password: it is of no use any more, the link sets a new one; the second factor goes too unless
    ``keeps_factor``. By phone: the second factor goes. All sessions end either way. ``seen`` is the user's
    ``session_epoch`` when the question was shown. Raises ``ManagerOnly``, ``OwnReset``, ``WorksElsewhere``,
    ``HasChildren``, ``NoLongerHere``, ``ResetMeanwhile``.
    """
    require_manager(lock_row(member.institution), actor)
    _require_another(member, actor)
    if live_memberships(member.user).exclude(institution=member.institution_id).exists():
        raise WorksElsewhere
    if not signs_in_by_phone(member.user) and children_of(member.user).exists():
        raise HasChildren
    return _reset(member, seen=seen, keeps_factor=keeps_factor, actor=actor, now=now)


@transaction.atomic
def reset_member_by_district(
    *, member: InstitutionMember, seen: int, keeps_factor: bool, actor: User, now: dt.datetime
) -> str:
    """District staff do the same for who works in their districts alone.

    Whether they may act for the institution is checked by the caller's query. Raises ``OwnReset``, ``WorksElsewhere``,
    ``NoLongerHere``, ``ResetMeanwhile``.
    """
    lock_row(member.institution)
    _require_another(member, actor)
    if works_beyond(member.user, actor):
        raise WorksElsewhere
    return _reset(member, seen=seen, keeps_factor=keeps_factor, actor=actor, now=now)


def _require_another(member: InstitutionMember, actor: User) -> None:
    if member.user_id == actor.pk:
        raise OwnReset


def _reset(
    member: InstitutionMember, *, seen: int, keeps_factor: bool, actor: AbstractBaseUser, now: dt.datetime
) -> str:
    member = InstitutionMember.objects.select_related("institution__district").get(pk=member.pk)
    if member.ended_at is not None:
        raise NoLongerHere
    user = lock_user(member.user)
    if enters_admin(user):
        raise WorksElsewhere
    if user.session_epoch != seen:
        raise ResetMeanwhile
    token = ""
    if signs_in_by_phone(user):
        keeps_factor = False
        reset_factors(user=user)
    else:
        token = reset_account(user=user, now=now, replaces_factor=not keeps_factor)
    tell_of_reset(user=user, place=member.institution.name, epoch=seen, now=now)
    action = "directory.reset_password" if keeps_factor else "directory.reset_all"
    record_member(action, member, actor)
    return token
