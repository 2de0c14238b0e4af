"""Families: who belongs to one, its children, who may fetch them, and how a second adult joins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.families import ChildNotFound, membership_of, open_invites
from cms.accounts.models import Child, Family, FamilyInvite, FamilyMember, PickupPerson, User
from cms.accounts.phone import BadPhone, normalise_phone
from cms.core.errors import InvalidInput, NotAllowed, NotFound, Refused, TooMany
from cms.core.runtime.django_internals import cache_relation, forget_relation
from cms.core.security.codes import new_numeric_code, typed_code
from cms.core.security.crypto import blind_index
from cms.core.web.limits import Limit, LimitReached, count_hit

INVITE_LIFE = dt.timedelta(minutes=30)
MAX_MEMBERS = 6
MAX_PICKUP_PERSONS = 8
MAX_OPEN_INVITES = 3
# Six digits are easily guessed: a person may mistype a few, a machine must not try many.
JOINS_PER_USER = Limit("join-user", 6, dt.timedelta(hours=1))
JOINS_PER_ADDRESS = Limit("join-address", 60, dt.timedelta(hours=1))


class GuardianOnly(NotAllowed):
    """Carers see, book and cancel; only guardians consent, invite and delete."""

    message = _("这件事要由监护人来做")


class InviteInvalid(InvalidInput):
    """Wrong, used or expired: one answer."""

    code = "invite"
    message = _("邀请码不对或已过期，请家人重新生成一个")


class TooManyTries(TooMany):
    """Too many invite codes tried."""

    message = _("试的次数太多，请一小时后再试")


class TooManyInvites(TooMany):
    """Enough codes are open already."""

    message = _("已有几个邀请码在有效期内，请先用完")


class FamilyFull(Refused):
    """No more adults, or no more people who may fetch."""

    code = "family_full"
    message = _("人数已满")


class OwnFamilyInUse(Refused):
    """Users whose own family has children or bookings cannot join another one."""

    code = "family_in_use"
    message = _("您名下已有宝宝或预约，不能再加入另一个家庭")


class LastGuardian(Refused):
    """A family with children keeps a guardian."""

    code = "last_guardian"
    message = _("您是唯一的监护人。请先邀请另一位监护人，或删除宝宝的资料")


class MemberNotFound(NotFound):
    """No such adult in the user's family."""

    message = _("没有找到这位家人")


class PickupNotFound(NotFound):
    """No such person in the user's family."""

    message = _("没有找到这个人")


@dataclass(frozen=True, slots=True)
class NewInvite:
    """An invite with its code, which can't be read again later."""

    invite: FamilyInvite
    code: str


def lock_families(*family_ids: int) -> None:
    """Lock families' rows in one order: their adults, children and codes are counted under this lock."""
    list(Family.objects.select_for_update().filter(pk__in=family_ids).order_by("pk").values_list("pk"))


def lock_members(family_id: int) -> list[FamilyMember]:
    """The adults of a family, their rows locked in one order: who may leave is decided under this lock."""
    rows = FamilyMember.objects.select_for_update(of=("self",)).filter(family_id=family_id)
    return list(rows.order_by("pk"))


def lock_children(child_ids: Iterable[int], *, no_key: bool = False) -> list[Child]:
    """The records, their rows locked in one order.

    An erasure asks under this lock what still needs the record. So whoever adds something that needs it (a booking)
    takes the lock first, and reads again whose child it is: with ``no_key``, so that others may refer to the record.
    """
    rows = Child.objects.select_for_update(of=("self",), no_key=no_key).filter(pk__in=list(child_ids))
    return list(rows.order_by("pk"))


def lock_child(child_id: int, *, family_id: int, no_key: bool = False) -> Child:
    """One record, locked in the same way. Raises ``ChildNotFound`` if it was erased meanwhile."""
    for row in lock_children([child_id], no_key=no_key):
        if row.family_id == family_id:
            return row
    raise ChildNotFound


def ensure_family(*, user: User, now: dt.datetime) -> FamilyMember:
    """The user's membership; a first family is made with the user as its guardian, once however many ask at once."""
    member = membership_of(user)
    if member is not None:
        return member
    try:
        with transaction.atomic():
            family = Family.objects.create(created_at=now)
            member = FamilyMember.objects.create(
                family=family, user=user, role=FamilyMember.Role.GUARDIAN, joined_at=now
            )
    except IntegrityError:
        member = FamilyMember.objects.select_related("family").get(user=user)
    cache_relation(user, "family_member", member)
    return member


def require_guardian(*, user: User, now: dt.datetime) -> FamilyMember:
    """The membership of a guardian. Raises ``GuardianOnly`` for a carer."""
    member = ensure_family(user=user, now=now)
    if not member.is_guardian:
        raise GuardianOnly
    return member


def invite_adult(*, user: User, role: str, now: dt.datetime) -> NewInvite:
    """A six-digit code with which one adult joins, good for half an hour; only its keyed hash is stored."""
    member = require_guardian(user=user, now=now)
    with transaction.atomic():
        lock_families(member.family_id)
        if FamilyMember.objects.filter(family_id=member.family_id).count() >= MAX_MEMBERS:
            raise FamilyFull
        if open_invites(member.family, now=now).count() >= MAX_OPEN_INVITES:
            raise TooManyInvites
        FamilyInvite.objects.filter(used_at__isnull=True, expires_at__lte=now).delete()
        return _new_invite(member, role=role, now=now)


def withdraw_invites(*, user: User, now: dt.datetime) -> int:
    """Put all open codes of the family out of use; returns how many."""
    member = require_guardian(user=user, now=now)
    return open_invites(member.family, now=now).update(used_at=now)


def join_family(*, user: User, code: str, relation: str, address: str, now: dt.datetime) -> FamilyMember:
    """Join by a code. The user's own family must be empty and is deleted. Raises ``InviteInvalid`` and others above."""
    _count_try(user, address, now=now)
    with transaction.atomic():
        invite = (
            FamilyInvite.objects.select_related("family")
            .filter(code_hash=_code_hash(typed_code(code)), used_at__isnull=True, expires_at__gt=now)
            .first()
        )
        if invite is None or not FamilyInvite.objects.filter(pk=invite.pk, used_at__isnull=True).update(used_at=now):
            raise InviteInvalid(fields={"code": str(InviteInvalid.message)})
        own = membership_of(user)
        if own is not None and own.family_id == invite.family_id:
            raise InviteInvalid(_("您已经在这个家庭里了"), fields={"code": str(_("您已经在这个家庭里了"))})
        lock_families(invite.family_id, *([own.family_id] if own else []))
        if FamilyMember.objects.filter(family_id=invite.family_id).count() >= MAX_MEMBERS:
            raise FamilyFull
        _drop_empty_family(own)
        member = FamilyMember.objects.create(
            family=invite.family, user=user, role=invite.role, relation=relation.strip()[:20], joined_at=now
        )
    cache_relation(user, "family_member", member)
    return member


def leave_family(*, user: User, now: dt.datetime) -> FamilyMember:
    """Leave; the user goes on with a new, empty family. The last guardian can't leave children behind."""
    member = ensure_family(user=user, now=now)
    with transaction.atomic():
        others = lock_members(member.family_id)
        guardians = [other for other in others if other.is_guardian and other.pk != member.pk]
        if not guardians and member.family.children.exists():
            raise LastGuardian
        member.delete()
        forget_relation(user, "family_member")
        return ensure_family(user=user, now=now)


def remove_member(*, user: User, member_id: int, now: dt.datetime) -> None:
    """A guardian removes a carer; another guardian can only leave by their own decision."""
    own = require_guardian(user=user, now=now)
    member = FamilyMember.objects.filter(family=own.family, pk=member_id, role=FamilyMember.Role.CARER).first()
    if member is None:
        raise MemberNotFound
    with transaction.atomic():
        gone = member.user
        member.delete()
        forget_relation(gone, "family_member")
        ensure_family(user=gone, now=now)


def rename_member(*, user: User, display_name: str, relation: str, now: dt.datetime) -> None:
    """Change what the family calls the user, and the user's relation to the child."""
    member = ensure_family(user=user, now=now)
    with transaction.atomic():
        user.display_name = display_name.strip()[:20]
        user.save(update_fields=["display_name"])
        member.relation = relation.strip()[:20]
        member.save(update_fields=["relation"])


def add_pickup_person(
    *, user: User, name: str, relation: str, phone: str, is_adult: bool, now: dt.datetime
) -> PickupPerson:
    """Allow an adult to fetch the children. Raises ``InvalidInput`` with its fields."""
    member = require_guardian(user=user, now=now)
    fields: dict[str, str] = {}
    try:
        number = normalise_phone(phone)
    except BadPhone:
        fields["phone"] = str(_("请填 11 位手机号，例如 138 0013 8000"))
    if not is_adult:
        fields["is_adult"] = str(_("只有成年人可以接走宝宝"))
    if fields:
        raise InvalidInput(_("请检查填写的内容"), fields=fields)
    with transaction.atomic():
        lock_families(member.family_id)
        if PickupPerson.objects.filter(family_id=member.family_id).count() >= MAX_PICKUP_PERSONS:
            raise FamilyFull
        return PickupPerson.objects.create(
            family_id=member.family_id,
            name=name.strip()[:20],
            relation=relation.strip()[:20],
            phone=number,
            created_at=now,
        )


def remove_pickup_person(*, user: User, public_id: str, now: dt.datetime) -> None:
    """Take away the right to fetch the children. Raises ``PickupNotFound``."""
    member = require_guardian(user=user, now=now)
    removed, _by_model = PickupPerson.objects.filter(family=member.family, public_id=public_id).delete()
    if not removed:
        raise PickupNotFound


def drop_shell(family_id: int) -> bool:
    """Remove a family without members unless old bookings still point to it; returns whether it went."""
    if FamilyMember.objects.filter(family_id=family_id).exists():
        return False
    try:
        with transaction.atomic():
            Family.objects.filter(pk=family_id).delete()
    except ProtectedError:
        return False
    return True


def _new_invite(member: FamilyMember, *, role: str, now: dt.datetime) -> NewInvite:
    for _attempt in range(20):
        code = new_numeric_code()
        try:
            with transaction.atomic():
                invite = FamilyInvite.objects.create(
                    family_id=member.family_id,
                    created_by_id=member.user_id,
                    code_hash=_code_hash(code),
                    role=FamilyMember.Role(role),
                    created_at=now,
                    expires_at=now + INVITE_LIFE,
                )
        except IntegrityError:
            continue  # another family holds the same six digits just now
        return NewInvite(invite, code)
    raise TooManyInvites


def _drop_empty_family(member: FamilyMember | None) -> None:
    """Leave the user's own family if it holds nothing; anything in it forbids the change."""
    if member is None:
        return
    alone = not FamilyMember.objects.filter(family_id=member.family_id).exclude(pk=member.pk).exists()
    if alone and member.family.children.exists():
        raise OwnFamilyInUse
    family_id = member.family_id
    if not alone and member.is_guardian:
        raise OwnFamilyInUse
    member.delete()
    if alone and not drop_shell(family_id):
        raise OwnFamilyInUse


def _count_try(user: User, address: str, *, now: dt.datetime) -> None:
    try:
        count_hit(JOINS_PER_USER, who=str(user.pk), now=now)
        count_hit(JOINS_PER_ADDRESS, who=address, now=now)
    except LimitReached:
        raise TooManyTries from None


def _code_hash(code: str) -> str:
    return blind_index(code, purpose="family.invite")
