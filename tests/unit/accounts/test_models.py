"""Each rule that the database holds for accounts, and how rows name themselves without personal data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from cms.accounts.family.queries.users import name_for_family
from cms.accounts.models import ChildAccess, FamilyInvite, PhoneCode, SessionToken
from tests.constraints import refuses
from tests.factories.accounts import (
    ChildFactory,
    ConsentFactory,
    ConsentTextFactory,
    FamilyFactory,
    FamilyMemberFactory,
    MessageFactory,
    PickupPersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def refused(constraint: str, make: Any, **values: Any) -> None:
    """Making the row breaks this constraint and no other."""
    refuses(constraint, lambda: make(**values))


def refused_by_unique(column: str, make: Any, **values: Any) -> None:
    """Making the row breaks the uniqueness of this column."""
    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        make(**values)
    assert column in str(broken.value)


def invite(**values: Any) -> FamilyInvite:
    family = values.pop("family", None) or FamilyFactory()
    return FamilyInvite.objects.create(
        family=family, created_by=UserFactory(), created_at=NOW, expires_at=NOW + dt.timedelta(minutes=30), **values
    )


def token(**values: Any) -> SessionToken:
    return SessionToken.objects.create(user=UserFactory(), token_hash="a", created_at=NOW, **values)


@pytest.mark.parametrize("values", [{"phone": "", "phone_hash": "a"}, {"phone": "13800138000", "phone_hash": None}])
def test_user_has_number_and_index_or_neither(values: dict) -> None:
    refused("user_phone_has_its_index", UserFactory, **values)


def test_number_belongs_to_one_user() -> None:
    UserFactory(phone="13800138000")

    refused_by_unique("phone_hash", UserFactory, phone="13800138000")


def test_version_of_a_text_exists_once() -> None:
    ConsentTextFactory(version="1")

    refused("consent_text_version_once", ConsentTextFactory, version="1")


def test_decision_is_a_known_one() -> None:
    refused("consent_decision_known", ConsentFactory, decision="maybe")


def test_role_in_a_family_is_a_known_one() -> None:
    refused("family_member_role_known", FamilyMemberFactory, role="aunt")


def test_user_belongs_to_one_family() -> None:
    member = FamilyMemberFactory()

    refused_by_unique("user_id", FamilyMemberFactory, user=member.user)


def test_open_code_exists_once_but_a_used_one_may_come_again() -> None:
    invite(code_hash="a")
    refused("family_invite_open_code_once", invite, code_hash="a")
    refused("family_invite_role_known", invite, code_hash="b", role="uncle")

    FamilyInvite.objects.update(used_at=NOW)

    assert invite(code_hash="a").pk


def test_message_reaches_a_user_once_for_a_key() -> None:
    message = MessageFactory()

    refused("message_user_key_once", MessageFactory, user=message.user, key=message.key)


def test_session_ends_after_it_begins() -> None:
    refused("session_token_ends_after_start", token, expires_at=NOW)


def test_rows_name_themselves_without_personal_data() -> None:
    member = FamilyMemberFactory(user__phone="13800138000")
    child = ChildFactory(family=member.family, nickname="豆豆")
    consent = ConsentFactory(family=member.family, child=child)
    rows = [
        member,
        member.user,
        member.family,
        child,
        consent,
        consent.text,
        PickupPersonFactory(family=member.family, name="王秀英"),
        MessageFactory(user=member.user, title="豆豆明天入托"),
        invite(family=member.family, code_hash="a"),
        token(expires_at=NOW + dt.timedelta(days=1)),
        PhoneCode.objects.create(phone_hash="a", code_hash="b", created_at=NOW, expires_at=NOW),
        ChildAccess.objects.create(child=child, actor=member.user, place="示例园", purpose="today", at=NOW),
    ]

    words = " ".join(str(row) for row in rows)

    assert not any(secret in words for secret in ("13800138000", "豆豆", "王秀英"))


def test_adults_are_called_by_their_name_else_by_the_masked_number() -> None:
    named = UserFactory(display_name="豆妈")
    nameless = UserFactory(phone="13800138000")
    staff = UserFactory(phone="", username="demo-manager")

    assert [name_for_family(user) for user in (named, nameless, staff, None)] == [
        "豆妈",
        "138****8000",
        "demo-manager",
        "",
    ]


def test_personal_columns_are_ciphertext_in_the_database() -> None:
    child = ChildFactory(nickname="豆豆", allergies="花生", birth_date=dt.date(2025, 6, 3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nickname, allergies, birth_date FROM accounts_child WHERE id = %s", [child.pk])
        kept = cursor.fetchone()

    assert all(value.startswith("e1:") for value in kept)
