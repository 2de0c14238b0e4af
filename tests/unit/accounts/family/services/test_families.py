"""Who belongs to a family and who leaves it."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.families import MemberNotFound
from cms.accounts.family.services import consents, families, joining, leaving, pickup
from cms.accounts.family.services.children import ChildDetails, add_child, change_child, erase_child
from cms.accounts.models import Child, Consent, Family, FamilyInvite, FamilyMember, PickupPerson, User
from cms.core.errors import InvalidInput
from tests.factories.accounts import (
    FamilyMemberFactory,
    UserFactory,
    parent_with_child,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
CARER = FamilyMember.Role.CARER
DOUDOU = ChildDetails("豆豆", dt.date(2025, 6, 3))


def carer_of(user) -> FamilyMember:
    return FamilyMemberFactory(family=user.family_member.family, role=CARER)


def test_ensure_family_makes_one_guardian_once() -> None:
    user = UserFactory()

    first = families.ensure_family(user=user, now=NOW)
    second = families.ensure_family(user=user, now=NOW)

    assert first == second
    assert first.is_guardian


def test_leaving_starts_an_empty_family() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian).user

    member = leaving.leave_family(user=carer, now=NOW)

    assert member.family != child.family
    assert not member.family.children.exists()


def test_last_guardian_cannot_leave_children_behind() -> None:
    guardian, _child = parent_with_child()
    carer_of(guardian)

    with pytest.raises(leaving.LastGuardian):
        leaving.leave_family(user=guardian, now=NOW)


def test_one_of_two_guardians_may_leave() -> None:
    guardian, child = parent_with_child()
    other = FamilyMemberFactory(family=child.family).user

    leaving.leave_family(user=other, now=NOW)

    assert [member.user for member in child.family.members.all()] == [guardian]


def test_member_of_another_family_is_not_found() -> None:
    guardian, _child = parent_with_child()
    stranger = FamilyMemberFactory(role=CARER)

    with pytest.raises(MemberNotFound):
        leaving.remove_member(user=guardian, member_id=stranger.pk, now=NOW)


def test_rename_member_keeps_name_and_relation() -> None:
    guardian, _child = parent_with_child()

    families.rename_member(user=guardian, display_name=" 豆妈 ", relation="妈妈", now=NOW)

    guardian.refresh_from_db()
    assert (guardian.display_name, guardian.family_member.relation) == ("豆妈", "妈妈")


def test_guardian_without_children_may_leave_the_shared_family() -> None:
    """The last guardian, but nobody is left behind: a carer goes on in the old family."""
    guardian = FamilyMemberFactory().user
    carer = carer_of(guardian)
    old = guardian.family_member.family

    member = leaving.leave_family(user=guardian, now=NOW)

    assert (member.is_guardian, member.family == old) == (True, False)
    assert list(old.members.all()) == [carer]


def test_leaving_forgets_the_old_membership() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian).user

    member = leaving.leave_family(user=carer, now=NOW)

    assert carer.family_member == member
    assert (member.joined_at, child.family.members.count()) == (NOW, 1)


def test_removed_carer_gets_an_empty_family() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian)

    leaving.remove_member(user=guardian, member_id=carer.pk, now=NOW)

    own = FamilyMember.objects.get(user=carer.user)
    assert (own.is_guardian, own.family == child.family, own.family.children.count()) == (True, False, 0)


def test_carer_removes_nobody() -> None:
    guardian, child = parent_with_child()
    first, second = carer_of(guardian), carer_of(guardian)

    with pytest.raises(families.GuardianOnly):
        leaving.remove_member(user=first.user, member_id=second.pk, now=NOW)

    assert child.family.members.count() == 3


def test_long_names_are_cut_at_twenty_characters() -> None:
    guardian, _child = parent_with_child()

    families.rename_member(user=guardian, display_name="豆" * 40, relation="妈" * 20, now=NOW)
    person = pickup.add_pickup_person(
        user=guardian, name="王" * 60, relation="姨" * 20, phone="13900000001", is_adult=True, now=NOW
    )

    member = FamilyMember.objects.get(user=guardian)
    assert (member.user.display_name, member.relation) == ("豆" * 40, "妈" * 20)
    assert (person.name, person.relation, person.created_at) == ("王" * 60, "姨" * 20, NOW)


@pytest.mark.parametrize(
    ("display_name", "relation", "fields"),
    [
        ("豆" * 41, "妈妈", {"display_name": "称呼最多 40 个字，现在有 41 个"}),
        ("豆妈", "妈" * 21, {"relation": "和宝宝的关系最多 20 个字，现在有 21 个"}),
    ],
)
def test_name_that_is_too_long_is_refused_and_nothing_cut(display_name: str, relation: str, fields: dict) -> None:
    guardian, _child = parent_with_child()

    with pytest.raises(InvalidInput) as refused:
        families.rename_member(user=guardian, display_name=display_name, relation=relation, now=NOW)

    assert refused.value.fields == fields
    assert User.objects.get(pk=guardian.pk).display_name == guardian.display_name


def test_member_may_have_no_name_and_marks_nobody_sees_are_none() -> None:
    guardian, _child = parent_with_child()

    families.rename_member(user=guardian, display_name="\u202e\u200b", relation=" ", now=NOW)

    member = FamilyMember.objects.get(user=guardian)
    assert (member.user.display_name, member.relation) == ("", "")


def test_shell_with_a_member_or_with_old_bookings_stays() -> None:
    guardian, child = parent_with_child()
    empty = FamilyMemberFactory()
    empty_family = empty.family_id
    empty.delete()

    assert (families.drop_shell(child.family_id), families.drop_shell(empty_family)) == (False, True)
    assert guardian.family_member.family_id == child.family_id


def test_leaving_takes_the_family_along_in_which_nobody_is_left() -> None:
    user = FamilyMemberFactory().user
    old = user.family_member.family

    member = leaving.leave_family(user=user, now=NOW)

    assert list(Family.objects.all()) == [member.family]
    assert member.family != old


def test_leaving_puts_the_own_codes_out_of_use_and_no_others() -> None:
    guardian, child = parent_with_child()
    leaver = FamilyMemberFactory(family=child.family).user
    codes = {user.pk: joining.invite_adult(user=user, role="guardian", now=NOW).code for user in (guardian, leaver)}

    leaving.leave_family(user=leaver, now=NOW)

    with pytest.raises(joining.InviteInvalid):
        joining.join_family(user=leaver, code=codes[leaver.pk], relation="", address="a", now=NOW)
    assert [invite.used_at for invite in FamilyInvite.objects.order_by("pk")] == [None, NOW]


#: Every act that takes the family's lock, as the user who calls it.
ACTS = {
    "add child": lambda user: add_child(user=user, details=DOUDOU, consent_version="v", now=NOW),
    "change child": lambda user: change_child(user=user, child="x", details=DOUDOU, now=NOW),
    "erase child": lambda user: erase_child(user=user, child="x", now=NOW),
    "refuse": lambda user: consents.refuse_consent(user=user, version="v", now=NOW),
    "renew": lambda user: consents.renew_consent(user=user, version="v", now=NOW),
    "invite": lambda user: joining.invite_adult(user=user, role=CARER, now=NOW),
    "withdraw": lambda user: joining.withdraw_invites(user=user, now=NOW),
    "may fetch": lambda user: pickup.add_pickup_person(
        user=user, name="王", relation="姨", phone="13900000001", is_adult=True, now=NOW
    ),
    "may not fetch": lambda user: pickup.remove_pickup_person(user=user, public_id="x", now=NOW),
    "remove": lambda user: leaving.remove_member(user=user, member_id=1, now=NOW),
    "rename": lambda user: families.rename_member(user=user, display_name="a", relation="b", now=NOW),
    "leave": lambda user: leaving.leave_family(user=user, now=NOW),
}


@pytest.mark.parametrize("name", list(ACTS))
def test_nothing_is_done_for_a_family_that_was_left_meanwhile(name: str) -> None:
    _guardian, child = parent_with_child()
    other = FamilyMemberFactory(family=child.family).user
    stale = User.objects.get(pk=other.pk)
    families.ensure_family(user=stale, now=NOW)
    leaving.leave_family(user=other, now=NOW)
    kept = Family.objects.count()

    with pytest.raises(families.FamilyChanged):
        ACTS[name](stale)

    assert (Child.objects.count(), Family.objects.count()) == (1, kept)
    assert [model.objects.count() for model in (Consent, FamilyInvite, PickupPerson)] == [0, 0, 0]


@pytest.mark.parametrize("name", [name for name in ACTS if name not in ("rename", "leave")])
def test_former_guardian_is_none_at_once(name: str) -> None:
    guardian, _child = parent_with_child()
    stale = User.objects.get(pk=guardian.pk)
    families.ensure_family(user=stale, now=NOW)
    FamilyMember.objects.filter(user=guardian).update(role=CARER)

    with pytest.raises(families.GuardianOnly):
        ACTS[name](stale)

    assert [model.objects.count() for model in (Consent, FamilyInvite, PickupPerson)] == [0, 0, 0]
