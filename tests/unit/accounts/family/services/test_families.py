from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import families as service
from cms.accounts.family.services.children import erase_child
from cms.accounts.models import Family, FamilyInvite, FamilyMember, PickupPerson
from cms.core.errors import InvalidInput
from tests.factories.accounts import (
    ChildFactory,
    FamilyMemberFactory,
    PickupPersonFactory,
    UserFactory,
    parent_with_child,
)
from tests.factories.booking import NOW as BOOKING_NOW
from tests.factories.booking import booked, open_house, toddler

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
CARER = FamilyMember.Role.CARER


def carer_of(user) -> FamilyMember:
    return FamilyMemberFactory(family=user.family_member.family, role=CARER)


def join(user, code: str, *, now: dt.datetime = NOW, address: str = "203.0.113.7") -> FamilyMember:
    return service.join_family(user=user, code=code, relation="外婆", address=address, now=now)


def test_ensure_family_makes_one_guardian_once() -> None:
    user = UserFactory()

    first = service.ensure_family(user=user, now=NOW)
    second = service.ensure_family(user=user, now=NOW)

    assert first == second
    assert first.is_guardian


def test_second_adult_joins_with_the_code() -> None:
    guardian, child = parent_with_child()
    grandmother = UserFactory()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    member = join(grandmother, code)

    assert (member.family, member.role, member.relation) == (child.family, CARER, "外婆")


def test_joining_lets_the_own_empty_family_go() -> None:
    guardian, _child = parent_with_child()
    grandmother = UserFactory()
    own = service.ensure_family(user=grandmother, now=NOW).family
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    join(grandmother, code)

    assert not Family.objects.filter(pk=own.pk).exists()


def test_code_is_kept_only_as_a_hash() -> None:
    guardian, _child = parent_with_child()

    made = service.invite_adult(user=guardian, role=CARER, now=NOW)

    assert len(made.code) == 6
    assert made.code not in made.invite.code_hash


def test_code_is_good_once() -> None:
    guardian, _child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code
    join(UserFactory(), code)

    with pytest.raises(service.InviteInvalid):
        join(UserFactory(), code)


def test_code_is_not_good_after_half_an_hour() -> None:
    guardian, _child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(service.InviteInvalid):
        join(UserFactory(), code, now=NOW + service.INVITE_LIFE)


def test_withdrawn_code_is_not_good() -> None:
    guardian, _child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    assert service.withdraw_invites(user=guardian, now=NOW) == 1
    with pytest.raises(service.InviteInvalid):
        join(UserFactory(), code)


def test_seventh_try_of_an_hour_is_refused_even_with_the_right_code() -> None:
    guardian, _child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code
    guesser = UserFactory()
    for number in range(6):
        with pytest.raises(service.InviteInvalid):
            join(guesser, f"{(int(code) + 1 + number) % 1_000_000:06d}")

    with pytest.raises(service.TooManyTries):
        join(guesser, code)


def test_parent_with_children_cannot_join_another_family() -> None:
    guardian, _child = parent_with_child()
    other, _other_child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(service.OwnFamilyInUse):
        join(other, code)

    assert FamilyInvite.objects.get().used_at is None


def test_joining_the_own_family_is_refused() -> None:
    guardian, _child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(service.InviteInvalid):
        join(guardian, code)


def test_family_takes_six_adults() -> None:
    guardian, child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code
    for _number in range(service.MAX_MEMBERS - 1):
        carer_of(guardian)

    with pytest.raises(service.FamilyFull):
        join(UserFactory(), code)
    with pytest.raises(service.FamilyFull):
        service.invite_adult(user=guardian, role=CARER, now=NOW)
    assert child.family.members.count() == service.MAX_MEMBERS


def test_at_most_three_codes_are_open() -> None:
    guardian, _child = parent_with_child()
    for _number in range(service.MAX_OPEN_INVITES):
        service.invite_adult(user=guardian, role=CARER, now=NOW)

    with pytest.raises(service.TooManyInvites):
        service.invite_adult(user=guardian, role=CARER, now=NOW)


def test_carer_cannot_invite_or_register_who_may_fetch() -> None:
    guardian, _child = parent_with_child()
    carer = carer_of(guardian).user
    person = PickupPersonFactory(family=guardian.family_member.family)

    with pytest.raises(service.GuardianOnly):
        service.invite_adult(user=carer, role=CARER, now=NOW)
    with pytest.raises(service.GuardianOnly):
        service.add_pickup_person(user=carer, name="a", relation="b", phone="13900000001", is_adult=True, now=NOW)
    with pytest.raises(service.GuardianOnly):
        service.remove_pickup_person(user=carer, public_id=person.public_id, now=NOW)


def test_leaving_starts_an_empty_family() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian).user

    member = service.leave_family(user=carer, now=NOW)

    assert member.family != child.family
    assert not member.family.children.exists()


def test_last_guardian_cannot_leave_children_behind() -> None:
    guardian, _child = parent_with_child()
    carer_of(guardian)

    with pytest.raises(service.LastGuardian):
        service.leave_family(user=guardian, now=NOW)


def test_one_of_two_guardians_may_leave() -> None:
    guardian, child = parent_with_child()
    other = FamilyMemberFactory(family=child.family).user

    service.leave_family(user=other, now=NOW)

    assert [member.user for member in child.family.members.all()] == [guardian]


def test_guardian_removes_a_carer_but_no_guardian() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian)
    other = FamilyMemberFactory(family=child.family)

    service.remove_member(user=guardian, member_id=carer.pk, now=NOW)

    assert not FamilyMember.objects.filter(pk=carer.pk).exists()
    with pytest.raises(service.MemberNotFound):
        service.remove_member(user=guardian, member_id=other.pk, now=NOW)


def test_member_of_another_family_is_not_found() -> None:
    guardian, _child = parent_with_child()
    stranger = FamilyMemberFactory(role=CARER)

    with pytest.raises(service.MemberNotFound):
        service.remove_member(user=guardian, member_id=stranger.pk, now=NOW)


def test_pickup_person_must_be_adult_and_have_a_number() -> None:
    guardian, _child = parent_with_child()

    with pytest.raises(InvalidInput) as refused:
        service.add_pickup_person(user=guardian, name="王", relation="姐姐", phone="1", is_adult=False, now=NOW)

    assert set(refused.value.fields) == {"phone", "is_adult"}


def test_pickup_person_is_registered_and_removed() -> None:
    guardian, child = parent_with_child()
    person = service.add_pickup_person(
        user=guardian, name=" 王秀英 ", relation="外婆", phone="139 0000 0001", is_adult=True, now=NOW
    )

    assert (person.name, person.phone, person.family) == ("王秀英", "13900000001", child.family)
    service.remove_pickup_person(user=guardian, public_id=person.public_id, now=NOW)
    assert not PickupPerson.objects.exists()


def test_family_has_at_most_eight_who_may_fetch() -> None:
    guardian, child = parent_with_child()
    PickupPersonFactory.create_batch(service.MAX_PICKUP_PERSONS, family=child.family)

    with pytest.raises(service.FamilyFull):
        service.add_pickup_person(user=guardian, name="a", relation="b", phone="13900000001", is_adult=True, now=NOW)


def test_pickup_person_of_another_family_is_not_found() -> None:
    guardian, _child = parent_with_child()
    person = PickupPersonFactory()

    with pytest.raises(service.PickupNotFound):
        service.remove_pickup_person(user=guardian, public_id=person.public_id, now=NOW)


def test_rename_member_keeps_name_and_relation() -> None:
    guardian, _child = parent_with_child()

    service.rename_member(user=guardian, display_name=" 豆妈 ", relation="妈妈", now=NOW)

    guardian.refresh_from_db()
    assert (guardian.display_name, guardian.family_member.relation) == ("豆妈", "妈妈")


def test_carer_with_an_empty_seat_elsewhere_can_join() -> None:
    guardian, _child = parent_with_child()
    elsewhere, _other = parent_with_child()
    carer = carer_of(elsewhere).user
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    member = join(carer, code)

    assert member.family == guardian.family_member.family
    assert ChildFactory._meta.model.objects.filter(family=elsewhere.family_member.family).exists()


def test_two_families_never_hold_the_same_open_code(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["111111", "111111", "222222"])
    monkeypatch.setattr(service, "new_numeric_code", lambda: next(codes))
    first, _child = parent_with_child()
    second, _other = parent_with_child()

    made = [service.invite_adult(user=user, role=CARER, now=NOW).code for user in (first, second)]

    assert made == ["111111", "222222"]


def test_codes_that_are_all_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "new_numeric_code", lambda: "111111")
    first, _child = parent_with_child()
    second, _other = parent_with_child()
    service.invite_adult(user=first, role=CARER, now=NOW)

    with pytest.raises(service.TooManyInvites):
        service.invite_adult(user=second, role=CARER, now=NOW)


def test_guardian_of_a_shared_family_leaves_it_before_joining_another() -> None:
    guardian, _child = parent_with_child()
    shared = FamilyMemberFactory()
    FamilyMemberFactory(family=shared.family)
    code = service.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(service.OwnFamilyInUse):
        join(shared.user, code)


def test_family_with_old_bookings_is_not_left_for_another() -> None:
    house = open_house()
    parent, child = toddler()
    booked(house, user=parent, child=child)
    later = BOOKING_NOW + dt.timedelta(days=30)
    erase_child(user=parent, child=child.public_id, now=later)
    guardian, _child = parent_with_child()
    code = service.invite_adult(user=guardian, role=CARER, now=later).code

    with pytest.raises(service.OwnFamilyInUse):
        join(parent, code, now=later)
