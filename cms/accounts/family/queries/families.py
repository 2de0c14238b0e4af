"""What a user may see of their own family, always through the membership."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Child, Family, FamilyInvite, FamilyMember, PickupPerson, User
from cms.accounts.ports import count_coming_bookings
from cms.core.errors import NotFound
from cms.core.runtime.django_internals import cache_relation, cached_relation, has_cached_relation

#: For so long a guardian who was invited by mistake can be removed again.
REMOVED_WITHIN = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PickupLeft:
    """Who stops fetching, and how many stays are then booked with nobody left who may fetch."""

    going: list[PickupPerson]
    bookings: int


class ChildNotFound(NotFound):
    """No such child in the user's family."""

    message = _("没有找到这个宝宝。")


class MemberNotFound(NotFound):
    """No such adult in the user's family."""

    message = _("没有找到这位家人")


def membership_of(user: User) -> FamilyMember | None:
    """The user's place in a family with the family itself, or None. One query, then cached on the user."""
    if has_cached_relation(user, "family_member"):
        return cached_relation(user, "family_member")
    member = FamilyMember.objects.select_related("family").filter(user_id=user.pk).first()
    cache_relation(user, "family_member", member)
    return member


def family_of(user: User) -> Family | None:
    """The user's family, or None before there is one."""
    member = membership_of(user)
    return member.family if member else None


def is_guardian(user: User) -> bool:
    """Whether the user may consent and delete. Users without a family are their own guardian."""
    member = membership_of(user)
    return member is None or member.is_guardian


def children_of(user: User) -> QuerySet[Child]:
    """The children of the user's family, oldest entry first."""
    return Child.objects.filter(family__members__user_id=user.pk).order_by("pk")


def child_of(user: User, public_id: str) -> Child:
    """One child of the user's family. Raises ``ChildNotFound`` for anybody else's."""
    child = children_of(user).filter(public_id=public_id).first()
    if child is None:
        raise ChildNotFound
    return child


def members_of(family: Family) -> QuerySet[FamilyMember]:
    """The adults of a family with their accounts, in the order in which they came."""
    return FamilyMember.objects.filter(family=family).select_related("user").order_by("joined_at", "pk")


def may_remove(own: FamilyMember, member: FamilyMember, *, now: dt.datetime) -> bool:
    """Whether one adult may remove another of the same family (docs/adr/0105): a guardian every carer, and a guardian
    who came after them for as long as ``REMOVED_WITHIN``.
    """
    if not own.is_guardian or own.family_id != member.family_id or own.pk == member.pk:
        return False
    if not member.is_guardian:
        return True
    return own.joined_at < member.joined_at and now < member.joined_at + REMOVED_WITHIN


def member_of(family_id: int, member_id: int) -> FamilyMember:
    """An adult of a family with the account. Raises ``MemberNotFound`` for anybody else's."""
    member = FamilyMember.objects.filter(family_id=family_id, pk=member_id).select_related("user").first()
    if member is None:
        raise MemberNotFound
    return member


def removable_member(user: User, member_id: int, *, now: dt.datetime) -> FamilyMember:
    """The adult whom this user may remove. Raises ``MemberNotFound``."""
    own = membership_of(user)
    if own is None:
        raise MemberNotFound
    member = member_of(own.family_id, member_id)
    if not may_remove(own, member, now=now):
        raise MemberNotFound
    return member


def pickup_without(member: FamilyMember, *, now: dt.datetime) -> PickupLeft:
    """What the list of who may fetch becomes when an adult goes: their number tells which entries are theirs."""
    persons = list(PickupPerson.objects.filter(family_id=member.family_id).order_by("pk"))
    going = [person for person in persons if member.user.phone and person.phone == member.user.phone]
    nobody_left = bool(going) and len(going) == len(persons)
    return PickupLeft(going, count_coming_bookings(member.user, now=now) if nobody_left else 0)


def pickup_persons_of(user: User) -> QuerySet[PickupPerson]:
    """Who may fetch the children of the user's family."""
    return PickupPerson.objects.filter(family__members__user_id=user.pk).order_by("pk")


def open_invites(family: Family, *, now: dt.datetime) -> QuerySet[FamilyInvite]:
    """Invites that can still be used, newest first. The code itself is not known any more."""
    return FamilyInvite.objects.filter(family=family, used_at__isnull=True, expires_at__gt=now).order_by("-created_at")
