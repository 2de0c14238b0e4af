"""A user's own data as a whole: export it, and close the account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.queries.access_log import accesses_of
from cms.accounts.family.queries.consents import decisions_of
from cms.accounts.family.queries.families import (
    children_of,
    family_of,
    membership_of,
    pickup_persons_of,
    pickup_without,
)
from cms.accounts.family.services.children import StillNeeded
from cms.accounts.family.services.families import drop_shell, lock_children, lock_family_of
from cms.accounts.family.services.leaving import end_membership
from cms.accounts.messaging.queries.messages import messages_of
from cms.accounts.models import Child, FamilyMember, PickupPerson, User
from cms.accounts.ports import posts_of
from cms.core.calendar.times import iso
from cms.core.errors import NotAllowed
from cms.core.runtime import personal_data
from cms.core.runtime.kernel_ports import DataHold, DataSection, PersonalDataScope

MAX_EXPORTED_LINES = 2000


class StaffAccount(NotAllowed):
    """A work account is ended by who gave it."""

    message = _("这是工作账号，请联系管理员停用")


def export_own_data(*, user: User, now: dt.datetime) -> dict[str, Any]:
    """All stored data of the user and the family, ready for JSON; a carer gets what a carer sees."""
    scope = _scope(user, whole_account=False)
    return {"exported_at": iso(now), **personal_data.export_all(scope)}


def describe_own_data(*, user: User) -> list[DataSection]:
    """The same data in words, to read and to print."""
    return personal_data.describe_all(_scope(user, whole_account=False))


def find_holds_on_account(*, user: User, now: dt.datetime) -> list[DataHold]:
    """What must be ended before the account can be closed."""
    return personal_data.find_holds(_scope(user, whole_account=True), now=now)


def erase_account(*, user: User, now: dt.datetime) -> None:
    """Close the account. The last guardian takes the children's records along; else only the membership goes.

    Raises ``StaffAccount``, ``StillNeeded`` and ``FamilyChanged``.
    """
    if posts_of(user).any:
        raise StaffAccount
    with transaction.atomic():
        member = lock_family_of(user)
        scope = _scope(user, whole_account=True)
        lock_children(scope.child_ids)
        holds = personal_data.find_holds(scope, now=now)
        if holds:
            raise StillNeeded(holds)
        personal_data.erase_all(scope, now=now)
        if scope.whole_family and scope.family_id is not None:
            PickupPerson.objects.filter(family_id=scope.family_id).delete()
        elif member is not None:
            end_membership(member, pickup_without(member, now=now), title=str(_("有一位家人注销了账号")), now=now)
        user.delete()
        if scope.family_id is not None:
            drop_shell(scope.family_id)


def export_part(scope: PersonalDataScope) -> dict[str, Any]:
    """The accounts' part of an export."""
    user: User = scope.user
    family = family_of(user)
    return {
        "account": {"phone": user.phone, "display_name": user.display_name, "since": iso(user.date_joined)},
        "children": [_child(row) for row in children_of(user)],
        "pickup_persons": [
            {"name": row.name, "relation": row.relation, "phone": row.phone} for row in pickup_persons_of(user)
        ],
        "consents": [
            {
                "child": row.child.nickname if row.child else "",
                "version": row.text.version,
                "decision": row.decision,
                "at": iso(row.decided_at),
            }
            for row in (decisions_of(family) if family else ())
        ],
        "messages": [
            {"title": row.title, "body": row.body, "at": iso(row.created_at)}
            for row in messages_of(user)[:MAX_EXPORTED_LINES]
        ],
        "looked_at": [
            {"place": row.place, "purpose": row.purpose, "at": iso(row.at)}
            for row in (accesses_of(family)[:MAX_EXPORTED_LINES] if family else ())
        ],
    }


def _child(row: Child) -> dict[str, str]:
    return {
        "id": row.public_id,
        "nickname": row.nickname,
        "birth_date": row.birth_date.isoformat(),
        "sex": row.sex,
        "allergies": row.allergies,
        "care_notes": row.care_notes,
    }


def _scope(user: User, *, whole_account: bool) -> PersonalDataScope:
    """Closing the account includes the children without another guardian."""
    member = membership_of(user)
    if member is None:
        return PersonalDataScope(user, None, (), whole_account)
    last = _is_last_guardian(member)
    child_ids = tuple(children_of(user).values_list("pk", flat=True)) if last or not whole_account else ()
    return PersonalDataScope(user, member.family_id, child_ids, whole_account, whole_account and last)


def _is_last_guardian(member: FamilyMember) -> bool:
    if not member.is_guardian:
        return False
    others = FamilyMember.objects.filter(family_id=member.family_id, role=FamilyMember.Role.GUARDIAN)
    return not others.exclude(pk=member.pk).exists()
