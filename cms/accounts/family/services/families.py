"""Families: who belongs to one, and the locks under which its people are counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.families import ChildNotFound, membership_of
from cms.accounts.models import Child, Family, FamilyMember, User
from cms.accounts.names import MAX_CALLED, MAX_RELATION, BadName, read_name
from cms.core.errors import InvalidInput, NotAllowed, Refused
from cms.core.runtime.django_internals import cache_relation, forget_relation


class GuardianOnly(NotAllowed):
    """Carers see, book and cancel; only guardians consent, invite and delete."""

    message = _("这件事要由监护人来做")


class FamilyChanged(Refused):
    """The user left the family, or came into another one, while the act waited."""

    code = "family_changed"
    message = _("您的家庭刚刚有变动，请再试一次")


class FamilyFull(Refused):
    """No more adults, or no more people who may fetch."""

    code = "family_full"
    message = _("人数已满")


def lock_families(*family_ids: int) -> None:
    """Lock families' rows in one order, before all other rows: who belongs to them and what they hold change under it.

    Bookings, which only point to a family, don't wait for it.
    """
    rows = Family.objects.select_for_update(no_key=True).filter(pk__in=family_ids)
    list(rows.order_by("pk").values_list("pk"))


def lock_family_of(user: User) -> FamilyMember | None:
    """Lock the user's family, if there is one; the membership as it then is. Inside the caller's transaction.

    Raises ``FamilyChanged``.
    """
    before = membership_of(user)
    if before is None:
        return None
    lock_families(before.family_id)
    forget_relation(user, "family_member")
    member = membership_of(user)
    if member is None or member.family_id != before.family_id:
        raise FamilyChanged
    return member


@contextmanager
def as_member(*, user: User, now: dt.datetime) -> Iterator[FamilyMember]:
    """A transaction under the lock of the user's family, which is made if there is none. Raises ``FamilyChanged``."""
    ensure_family(user=user, now=now)
    with transaction.atomic():
        member = lock_family_of(user)
        if member is None:
            raise FamilyChanged
        yield member


@contextmanager
def as_guardian(*, user: User, now: dt.datetime) -> Iterator[FamilyMember]:
    """The same for what only guardians may do. Raises ``GuardianOnly`` too."""
    with as_member(user=user, now=now) as member:
        if not member.is_guardian:
            raise GuardianOnly
        yield member


def lock_children(child_ids: Iterable[int], *, no_key: bool = False) -> list[Child]:
    """The records, their rows locked in one order.

    An erasure asks under this lock what still needs the record. So whoever adds something that needs it (a booking)
    takes the lock first, and reads again whose child it is: with ``no_key``, so that others may refer to the record.
    """
    rows = Child.objects.select_for_update(of=("self",), no_key=no_key)  # nobody may refer to what is erased
    return list(rows.filter(pk__in=list(child_ids)).order_by("pk"))


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


def rename_member(*, user: User, display_name: str, relation: str, now: dt.datetime) -> None:
    """Change what the family calls the user, and the user's relation to the child. Raises ``InvalidInput``."""
    called, relation = read_names(display_name=display_name, relation=relation)
    with as_member(user=user, now=now) as member:
        user.display_name = called
        user.save(update_fields=["display_name"])
        member.relation = relation
        member.save(update_fields=["relation"])


def read_names(**typed: str) -> tuple[str, ...]:
    """``display_name`` and ``relation`` as they are stored; either may be empty. Raises ``InvalidInput``."""
    labels = {"display_name": (_("称呼"), MAX_CALLED), "relation": (_("和宝宝的关系"), MAX_RELATION)}
    names: list[str] = []
    for field, text in typed.items():
        label, most = labels[field]
        try:
            names.append(read_name(text, label=str(label), most=most, required=False))
        except BadName as wrong:
            raise InvalidInput(str(wrong), fields={field: str(wrong)}) from None
    return tuple(names)


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
