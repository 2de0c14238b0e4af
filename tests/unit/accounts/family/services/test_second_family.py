"""Joining a second family: asked first, told to the first one, and decided under the lock."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import joining, leaving
from cms.accounts.family.services.pickup import MAX_PICKUP_PERSONS
from cms.accounts.models import Family, FamilyMember, Message, PickupPerson
from cms.core.errors import InvalidInput
from tests.factories.accounts import FamilyMemberFactory, PickupPersonFactory, UserFactory, parent_with_child

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
CARER = FamilyMember.Role.CARER


def join(user, code: str, **more) -> FamilyMember:
    return joining.join_family(user=user, code=code, relation="外婆", address="203.0.113.7", now=NOW, **more).member


def carer_and_code(**invite) -> tuple[FamilyMember, str]:
    """A carer of one family, and a code of another one."""
    first, _child = parent_with_child()
    second, _child = parent_with_child()
    member = FamilyMemberFactory(family=first.family_member.family, role=CARER)
    return member, joining.invite_adult(user=second, role=CARER, now=NOW, **invite).code


def test_carer_of_a_family_is_asked_before_anything_changes() -> None:
    member, code = carer_and_code()

    with pytest.raises(joining.LeavesFamily) as asked:
        join(member.user, code)

    assert (asked.value.member, asked.value.code) == (member, "leaves_family")
    assert FamilyMember.objects.get(user=member.user) == member
    assert (Message.objects.count(), joining.FamilyInvite.objects.get().used_at) == (0, None)


def test_carer_who_agreed_joins_and_the_first_family_is_told() -> None:
    member, code = carer_and_code()
    old = member.family
    other = FamilyMemberFactory(family=old, role=CARER)

    joined = join(member.user, code, leaving=member.pk)

    assert (joined.family != old, old.members.count()) == (True, 2)
    told = (
        Message.objects.filter(kind="family_left").order_by("user_id").values_list("user_id", "kind", "title", "link")
    )
    assert list(told) == [
        (user_id, "family_left", "有一位家人退出了家庭", "/me/family/")
        for user_id in sorted(old.members.values_list("user_id", flat=True))
    ]
    assert other.user_id in [row[0] for row in told]


def test_agreeing_to_leave_another_family_than_the_present_one_is_asked_again() -> None:
    member, code = carer_and_code()

    with pytest.raises(joining.LeavesFamily):
        join(member.user, code, leaving=member.pk + 1)


def test_who_is_alone_in_an_empty_family_is_not_asked_and_nobody_told() -> None:
    guardian, _child = parent_with_child()
    alone = FamilyMemberFactory()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    join(alone.user, code)

    assert list(Message.objects.values_list("user_id", "kind")) == [(guardian.pk, "family_joined")]
    assert Family.objects.count() == 1


def test_agreeing_does_not_let_a_guardian_go() -> None:
    guardian, _child = parent_with_child()
    shared = FamilyMemberFactory()
    FamilyMemberFactory(family=shared.family)
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(joining.OwnFamilyInUse):
        join(shared.user, code, leaving=shared.pk)


def test_who_leaves_or_is_removed_is_told_of_to_the_right_people() -> None:
    guardian, child = parent_with_child()
    first, second = FamilyMemberFactory.create_batch(2, family=child.family, role=CARER)

    leaving.leave_family(user=first.user, now=NOW)
    leaving.remove_member(user=guardian, member_id=second.pk, now=NOW)

    assert sorted(Message.objects.values_list("user_id", "kind", "created_at")) == sorted(
        [
            (guardian.pk, "family_left", NOW),
            (second.user_id, "family_left", NOW),
            (second.user_id, "family_removed", NOW),
            (guardian.pk, "family_left", NOW),
        ]
    )


def test_who_is_invited_to_fetch_is_registered_with_their_own_number() -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code
    grandmother = UserFactory()

    join(grandmother, code, name=" 王秀英 ")

    person = PickupPerson.objects.get()
    assert (person.family, person.name, person.relation) == (child.family, "王秀英", "外婆")
    assert (person.phone, person.created_at) == (grandmother.phone, NOW)


def test_who_gives_no_relation_fetches_as_family() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code

    joining.join_family(user=UserFactory(), code=code, relation="", name="王", address="203.0.113.7", now=NOW)

    assert PickupPerson.objects.get().relation == "家人"


def test_who_is_invited_to_fetch_gives_the_name_of_their_card_or_does_not_join() -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code

    with pytest.raises(InvalidInput) as refused:
        join(UserFactory(), code, name=" ")

    assert refused.value.fields == {"name": "家人请您也来接宝宝，请填姓名，和身份证件上一样"}
    assert (child.family.members.count(), PickupPerson.objects.exists()) == (1, False)


def test_who_is_not_invited_to_fetch_is_not_registered_even_with_a_name() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    join(UserFactory(), code, name="王秀英")

    assert not PickupPerson.objects.exists()


def test_who_is_registered_already_stays_so_once() -> None:
    guardian, child = parent_with_child()
    grandmother = UserFactory()
    PickupPersonFactory(family=child.family)
    known = PickupPersonFactory(family=child.family, phone=grandmother.phone, name="外婆")
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code

    join(grandmother, code, name="王秀英")

    assert (child.family.pickup_persons.count(), PickupPerson.objects.get(pk=known.pk).name) == (2, "外婆")


@pytest.mark.parametrize("registered", [MAX_PICKUP_PERSONS - 1, MAX_PICKUP_PERSONS])
def test_with_eight_who_may_fetch_one_joins_without_being_the_ninth(registered: int) -> None:
    guardian, child = parent_with_child()
    PickupPersonFactory.create_batch(registered, family=child.family)
    PickupPersonFactory()
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code

    joined = joining.join_family(
        user=UserFactory(), code=code, relation="", name="王秀英", address="203.0.113.7", now=NOW
    )

    full = registered == MAX_PICKUP_PERSONS
    assert joined.problem == ("可接走的人已满 8 位，没能登记" if full else "")
    assert (child.family.members.count(), child.family.pickup_persons.count()) == (2, MAX_PICKUP_PERSONS)
    body = Message.objects.get(user=guardian).body
    assert ("没能登记，请监护人到「可接走的人」里看一下" in body, "这位也登记在" in body) == (full, not full)


def test_account_without_a_number_joins_and_both_learn_that_it_does_not_fetch() -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code

    joined = joining.join_family(
        user=UserFactory(phone=""), code=code, relation="", name="", address="203.0.113.7", now=NOW
    )

    assert joined.problem == "账号没有手机号，没能登记成可接走的人"
    assert (child.family.members.count(), child.family.pickup_persons.count()) == (2, 0)
    assert joined.problem in Message.objects.get(user=guardian).body
