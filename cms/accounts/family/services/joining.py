"""How a second adult joins a family: by a six-digit code, good for half an hour and once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.families import membership_of, open_invites, pickup_without
from cms.accounts.family.services.families import (
    FamilyChanged,
    FamilyFull,
    as_guardian,
    drop_shell,
    lock_families,
    read_names,
)
from cms.accounts.family.services.leaving import end_membership
from cms.accounts.family.services.pickup import register_member
from cms.accounts.family.services.welcome import tell_of_joining
from cms.accounts.models import FamilyInvite, FamilyMember, User
from cms.core.errors import InvalidInput, Refused, TooMany
from cms.core.runtime.django_internals import cache_relation, forget_relation
from cms.core.security.codes import new_numeric_code, typed_code
from cms.core.security.crypto import blind_index
from cms.core.text import one_line
from cms.core.web.limits import Hit, Limit, LimitReached, count_hits, take_back_hits

INVITE_LIFE = dt.timedelta(minutes=30)
MAX_MEMBERS = 6
MAX_OPEN_INVITES = 3
# Six digits are easily guessed: a person may mistype a few, a machine must not try many.
JOINS_PER_USER = Limit("join-user", 6, dt.timedelta(hours=1))
JOINS_PER_ADDRESS = Limit("join-address", 60, dt.timedelta(hours=1))


class InviteInvalid(InvalidInput):
    """Wrong, used or expired: one answer."""

    code = "invite"
    message = _("邀请码不对或已过期，请家人重新生成一个")


class TooManyInviteTries(TooMany):
    """Too many invite codes tried."""

    message = _("试的次数太多，请一小时后再试")


class NameNeeded(InvalidInput):
    """The code lets one fetch the children: the door compares the name of the identity card."""

    code = "name"
    message = _("家人请您也来接宝宝，请填姓名，和身份证件上一样")


class TooManyInvites(TooMany):
    """Enough codes are open already."""

    message = _("已有几个邀请码在有效期内，请先用完")


class OwnFamilyInUse(Refused):
    """Users whose own family has children or bookings cannot join another one."""

    code = "family_in_use"
    message = _("您名下已有宝宝或预约，不能再加入另一个家庭")


class LeavesFamily(Refused):
    """Joining ends the user's place in a family with others: nobody is taken out of it unasked.

    ``member`` is that place; its key is what the user answers with.
    """

    code = "leaves_family"
    message = _("加入新的家庭，就要退出现在的家庭，请先确认")

    def __init__(self, member: FamilyMember) -> None:
        super().__init__()
        self.member = member


@dataclass(frozen=True, slots=True)
class NewInvite:
    """An invite with its code, which can't be read again later."""

    invite: FamilyInvite
    code: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The new membership; ``problem`` says why an adult invited to fetch the children is not registered, else ""."""

    member: FamilyMember
    problem: str = ""


def invite_adult(*, user: User, role: str, may_fetch: bool = False, now: dt.datetime) -> NewInvite:
    """A six-digit code with which one adult joins, good for half an hour; only its keyed hash is stored.

    With ``may_fetch`` whoever joins by it is also registered as somebody who may fetch the children.
    """
    with as_guardian(user=user, now=now) as member:
        if FamilyMember.objects.filter(family_id=member.family_id).count() >= MAX_MEMBERS:
            raise FamilyFull
        if open_invites(member.family, now=now).count() >= MAX_OPEN_INVITES:
            raise TooManyInvites
        FamilyInvite.objects.filter(used_at__isnull=True, expires_at__lte=now).delete()
        return _new_invite(member, role=role, may_fetch=may_fetch, now=now)


def withdraw_invites(*, user: User, now: dt.datetime) -> int:
    """Put all open codes of the family out of use; returns how many."""
    with as_guardian(user=user, now=now) as member:
        return open_invites(member.family, now=now).update(used_at=now)


def join_family(
    *, user: User, code: str, relation: str, address: str, name: str = "", leaving: int | None = None, now: dt.datetime
) -> Joined:
    """Join by a code. The user's own family must be empty and is deleted. Raises ``InviteInvalid`` and others above.

    A carer of another family has agreed to leave it: ``leaving`` is the key of that membership, else ``LeavesFamily``.
    ``name`` is that of the identity card: a code with which one may fetch the children asks for it (``NameNeeded``).
    Who joined by this very code and sends it again gets the same answer. Only a wrong code counts as a try.
    """
    (relation,) = read_names(relation=relation)
    tries = [(JOINS_PER_USER, str(user.pk)), (JOINS_PER_ADDRESS, address)]
    _count_try(tries, now=now)
    try:
        return _join(user, _code_hash(typed_code(code)), relation=relation, name=name, leaving=leaving, now=now)
    except InviteInvalid:
        raise
    except Refused:
        take_back_hits(tries, now=now)
        raise


@transaction.atomic
def _join(user: User, code_hash: str, *, relation: str, name: str, leaving: int | None, now: dt.datetime) -> Joined:
    invite = _lock_invite(user, code_hash, now=now)
    if invite is None:
        return Joined(_joined_before(user, code_hash))
    own = membership_of(user)
    if own is not None and own.family_id == invite.family_id:
        raise InviteInvalid(_("您已经在这个家庭里了"), fields={"code": str(_("您已经在这个家庭里了"))})
    if FamilyMember.objects.filter(family_id=invite.family_id).count() >= MAX_MEMBERS:
        raise FamilyFull
    if invite.may_fetch and user.phone and not one_line(name):
        raise NameNeeded(fields={"name": str(NameNeeded.message)})
    _leave_own_family(own, leaving=leaving, now=now)
    invite.used_at = now
    invite.save(update_fields=["used_at"])
    member = FamilyMember.objects.create(
        family=invite.family, user=user, role=invite.role, relation=relation, joined_at=now
    )
    problem = register_member(member, name=name, now=now) if invite.may_fetch else ""
    tell_of_joining(member, fetches=invite.may_fetch and not problem, problem=problem, now=now)
    cache_relation(user, "family_member", member)
    return Joined(member, problem)


def _lock_invite(user: User, code_hash: str, *, now: dt.datetime) -> FamilyInvite | None:
    """The open invite of a code, its family and the user's own locked; None if it is not open, or no longer."""
    found, before = _open_invite(code_hash, now=now), membership_of(user)
    if found is None:
        return None
    lock_families(found.family_id, *([before.family_id] if before else []))
    invite = _open_invite(code_hash, now=now)
    forget_relation(user, "family_member")
    after = membership_of(user)
    if invite is None or invite.pk != found.pk:
        return None
    if (after and after.family_id) != (before and before.family_id):
        raise FamilyChanged
    return invite


def _joined_before(user: User, code_hash: str) -> FamilyMember:
    """The membership that the code made: code and membership bear the same moment. Raises ``InviteInvalid``."""
    forget_relation(user, "family_member")
    member = membership_of(user)
    if member is None or not member.family.invites.filter(code_hash=code_hash, used_at=member.joined_at).exists():
        raise InviteInvalid(fields={"code": str(InviteInvalid.message)})
    return member


def _open_invite(code_hash: str, *, now: dt.datetime) -> FamilyInvite | None:
    rows = FamilyInvite.objects.select_related("family")
    return rows.filter(code_hash=code_hash, used_at__isnull=True, expires_at__gt=now).first()


def _new_invite(member: FamilyMember, *, role: str, may_fetch: bool, now: dt.datetime) -> NewInvite:
    for _attempt in range(20):
        code = new_numeric_code()
        try:
            with transaction.atomic():
                invite = FamilyInvite.objects.create(
                    family_id=member.family_id,
                    created_by_id=member.user_id,
                    code_hash=_code_hash(code),
                    role=FamilyMember.Role(role),
                    may_fetch=may_fetch,
                    created_at=now,
                    expires_at=now + INVITE_LIFE,
                )
        except IntegrityError:
            continue  # another family holds the same six digits just now
        return NewInvite(invite, code)
    raise TooManyInvites


def _leave_own_family(member: FamilyMember | None, *, leaving: int | None, now: dt.datetime) -> None:
    """Leave the user's own family: alone if it holds nothing, as one carer of several if the user agreed to that."""
    if member is None:
        return
    alone = not FamilyMember.objects.filter(family_id=member.family_id).exclude(pk=member.pk).exists()
    if alone and member.family.children.exists():
        raise OwnFamilyInUse
    family_id = member.family_id
    if not alone and member.is_guardian:
        raise OwnFamilyInUse
    if not alone and member.pk != leaving:
        raise LeavesFamily(member)
    end_membership(member, pickup_without(member, now=now), title=str(_("有一位家人退出了家庭")), now=now)
    if alone and not drop_shell(family_id):
        raise OwnFamilyInUse


def _count_try(tries: list[Hit], *, now: dt.datetime) -> None:
    try:
        count_hits(tries, now=now)
    except LimitReached:
        raise TooManyInviteTries from None


def _code_hash(code: str) -> str:
    return blind_index(code, purpose="family.invite")
