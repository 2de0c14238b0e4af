"""The lock order of a family on PostgreSQL: its row, then the membership is read again, then the rest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from cms.accounts.family.queries.families import membership_of
from cms.accounts.family.services import children, consents, families, joining, leaving, own_data, pickup
from cms.accounts.models import Child, FamilyMember, PickupPerson, User
from tests.factories.accounts import FamilyMemberFactory, PickupPersonFactory, UserFactory, parent_with_child

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
DOUDOU = children.ChildDetails("豆豆", dt.date(2025, 6, 3))
WANG = {"name": "王秀英", "relation": "姨", "phone": "13900000001", "is_adult": True}
#: What a statement is, the first that fits.
STAGES = (
    ("family", r'FROM "accounts_family" .*FOR NO KEY UPDATE'),
    ("child", r'FROM "accounts_child" .*FOR UPDATE'),
    ("membership", r'SELECT .* FROM "accounts_familymember" .*WHERE "accounts_familymember"."user_id" = '),
    ("write", r'(INSERT INTO|UPDATE|DELETE FROM) "accounts_'),
)


@dataclass(frozen=True)
class Home:
    """A family: a guardian with the text in force, a child, a second guardian, a carer, somebody who may fetch."""

    user: User
    child: Child
    second: FamilyMember
    carer: FamilyMember
    person: PickupPerson
    version: str
    code: str


def a_home() -> Home:
    user, child = parent_with_child()
    home = Home(
        user,
        child,
        FamilyMemberFactory(family=child.family),
        FamilyMemberFactory(family=child.family, role="carer"),
        PickupPersonFactory(family=child.family),
        consents.publish_consent_texts(NOW).version,
        joining.invite_adult(user=user, role="carer", now=NOW).code,
    )
    membership_of(home.user)
    return home


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The stages that the block goes through, up to the first write."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "write" not in found:
            found.extend([name for name, pattern in STAGES if re.search(pattern, sql)][:1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


PLAIN = ["family", "membership", "write"]
WITH_CHILD = ["family", "membership", "child", "write"]
#: name → (the act, its stages).
ACTS: dict[str, tuple[Callable[[Home], Any], list[str]]] = {
    "add child": (
        lambda home: children.add_child(user=home.user, details=DOUDOU, consent_version=home.version, now=NOW),
        PLAIN,
    ),
    "change child": (
        lambda home: children.change_child(user=home.user, child=home.child.public_id, details=DOUDOU, now=NOW),
        WITH_CHILD,
    ),
    "erase child": (
        lambda home: children.erase_child(user=home.user, child=home.child.public_id, now=NOW),
        WITH_CHILD,
    ),
    "close account": (lambda home: own_data.erase_account(user=home.user, now=NOW), PLAIN),
    "refuse": (lambda home: consents.refuse_consent(user=home.user, version=home.version, now=NOW), PLAIN),
    "renew": (lambda home: consents.renew_consent(user=home.user, version=home.version, now=NOW), PLAIN),
    "invite": (lambda home: joining.invite_adult(user=home.user, role="carer", now=NOW), PLAIN),
    "withdraw": (lambda home: joining.withdraw_invites(user=home.user, now=NOW), PLAIN),
    "may fetch": (lambda home: pickup.add_pickup_person(user=home.user, **WANG, now=NOW), PLAIN),
    "may not fetch": (
        lambda home: pickup.remove_pickup_person(user=home.user, public_id=home.person.public_id, now=NOW),
        PLAIN,
    ),
    "remove": (lambda home: leaving.remove_member(user=home.user, member_id=home.carer.pk, now=NOW), PLAIN),
    "rename": (lambda home: families.rename_member(user=home.user, display_name="a", relation="b", now=NOW), PLAIN),
    "leave": (lambda home: leaving.leave_family(user=home.user, now=NOW), PLAIN),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_family_is_locked_first_and_the_membership_read_again(name: str) -> None:
    home = a_home()
    act, expected = ACTS[name]

    with recorded() as found:
        act(home)

    assert found == expected


def test_last_guardian_who_closes_the_account_locks_the_children_after_the_family() -> None:
    home = a_home()
    home.second.delete()

    with recorded() as found:
        own_data.erase_account(user=home.user, now=NOW)

    assert found == WITH_CHILD


def test_who_joins_locks_both_families_first() -> None:
    home, user = a_home(), UserFactory()
    families.ensure_family(user=user, now=NOW)

    with recorded() as found:
        joining.join_family(user=user, code=home.code, relation="", address="a", now=NOW)

    assert found == PLAIN
