"""What becomes of a code while the families are waited for."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import joining
from cms.accounts.models import FamilyInvite, FamilyMember
from tests.factories.accounts import UserFactory, parent_with_child

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
CARER = FamilyMember.Role.CARER


def join(user, code: str) -> FamilyMember:
    return joining.join_family(user=user, code=code, relation="外婆", address="203.0.113.7", now=NOW)


def test_code_that_another_used_while_the_family_was_waited_for_is_used_up(monkeypatch: pytest.MonkeyPatch) -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    lock = joining.lock_families

    def lock_late(*families_: int) -> None:
        FamilyInvite.objects.update(used_at=NOW)
        lock(*families_)

    monkeypatch.setattr(joining, "lock_families", lock_late)

    with pytest.raises(joining.InviteInvalid):
        join(UserFactory(), code)

    assert child.family.members.count() == 1


def test_code_given_again_to_another_family_while_waiting_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The family that was locked is another one's: nobody joins a family that is not locked."""
    guardian, child = parent_with_child()
    other, second = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    made = joining.invite_adult(user=other, role=CARER, now=NOW)
    lock = joining.lock_families

    def lock_late(*families_: int) -> None:
        first = FamilyInvite.objects.get(family=child.family)
        code_hash, first.used_at = first.code_hash, NOW
        first.save()
        FamilyInvite.objects.filter(family=second.family).update(code_hash=code_hash)
        lock(*families_)

    monkeypatch.setattr(joining, "lock_families", lock_late)

    with pytest.raises(joining.InviteInvalid):
        join(UserFactory(), code)

    assert made.code != code
    assert [family.members.count() for family in (child.family, second.family)] == [1, 1]
