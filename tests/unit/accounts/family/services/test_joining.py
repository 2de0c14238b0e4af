"""How a second adult joins a family."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import families, joining, pickup
from cms.accounts.family.services.children import erase_child
from cms.accounts.models import Family, FamilyInvite, FamilyMember, Message
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
    return joining.join_family(user=user, code=code, relation="外婆", address=address, now=now).member


def test_second_adult_joins_with_the_code() -> None:
    guardian, child = parent_with_child()
    grandmother = UserFactory()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    member = join(grandmother, code)

    assert (member.family, member.role, member.relation) == (child.family, CARER, "外婆")


def test_joining_lets_the_own_empty_family_go() -> None:
    guardian, _child = parent_with_child()
    grandmother = UserFactory()
    own = families.ensure_family(user=grandmother, now=NOW).family
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    join(grandmother, code)

    assert not Family.objects.filter(pk=own.pk).exists()


def test_code_is_kept_only_as_a_hash() -> None:
    guardian, _child = parent_with_child()

    made = joining.invite_adult(user=guardian, role=CARER, now=NOW)

    assert len(made.code) == 6
    assert made.code not in made.invite.code_hash


def test_code_is_good_once() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    join(UserFactory(), code)

    with pytest.raises(joining.InviteInvalid):
        join(UserFactory(), code)


def test_code_is_not_good_after_half_an_hour() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(joining.InviteInvalid):
        join(UserFactory(), code, now=NOW + joining.INVITE_LIFE)


def test_withdrawn_code_is_not_good() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    assert joining.withdraw_invites(user=guardian, now=NOW) == 1
    with pytest.raises(joining.InviteInvalid):
        join(UserFactory(), code)


def test_seventh_try_of_an_hour_is_refused_even_with_the_right_code() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    guesser = UserFactory()
    for number in range(6):
        with pytest.raises(joining.InviteInvalid):
            join(guesser, f"{(int(code) + 1 + number) % 1_000_000:06d}")

    with pytest.raises(joining.TooManyInviteTries):
        join(guesser, code)


def test_parent_with_children_cannot_join_another_family() -> None:
    guardian, _child = parent_with_child()
    other, _other_child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(joining.OwnFamilyInUse):
        join(other, code)

    assert FamilyInvite.objects.get().used_at is None


def test_joining_the_own_family_is_refused() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(joining.InviteInvalid):
        join(guardian, code)


def test_family_takes_six_adults() -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    for _number in range(joining.MAX_MEMBERS - 1):
        carer_of(guardian)

    with pytest.raises(families.FamilyFull):
        join(UserFactory(), code)
    with pytest.raises(families.FamilyFull):
        joining.invite_adult(user=guardian, role=CARER, now=NOW)
    assert child.family.members.count() == joining.MAX_MEMBERS


def test_at_most_three_codes_are_open() -> None:
    guardian, _child = parent_with_child()
    for _number in range(joining.MAX_OPEN_INVITES):
        joining.invite_adult(user=guardian, role=CARER, now=NOW)

    with pytest.raises(joining.TooManyInvites):
        joining.invite_adult(user=guardian, role=CARER, now=NOW)


def test_carer_cannot_invite_or_register_who_may_fetch() -> None:
    guardian, _child = parent_with_child()
    carer = carer_of(guardian).user
    person = PickupPersonFactory(family=guardian.family_member.family)

    with pytest.raises(families.GuardianOnly):
        joining.invite_adult(user=carer, role=CARER, now=NOW)
    with pytest.raises(families.GuardianOnly):
        pickup.add_pickup_person(user=carer, name="a", relation="b", phone="13900000001", is_adult=True, now=NOW)
    with pytest.raises(families.GuardianOnly):
        pickup.remove_pickup_person(user=carer, public_id=person.public_id, now=NOW)


def test_carer_with_an_empty_seat_elsewhere_can_join() -> None:
    guardian, _child = parent_with_child()
    elsewhere, _other = parent_with_child()
    carer = carer_of(elsewhere).user
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    member = joining.join_family(
        user=carer, code=code, relation="", address="a", leaving=carer.family_member.pk, now=NOW
    ).member

    assert member.family == guardian.family_member.family
    assert ChildFactory._meta.model.objects.filter(family=elsewhere.family_member.family).exists()


def test_two_families_never_hold_the_same_open_code(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(["111111", "111111", "222222"])
    monkeypatch.setattr(joining, "new_numeric_code", lambda: next(codes))
    first, _child = parent_with_child()
    second, _other = parent_with_child()

    made = [joining.invite_adult(user=user, role=CARER, now=NOW).code for user in (first, second)]

    assert made == ["111111", "222222"]


def test_codes_that_are_all_taken_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "new_numeric_code", lambda: "111111")
    first, _child = parent_with_child()
    second, _other = parent_with_child()
    joining.invite_adult(user=first, role=CARER, now=NOW)

    with pytest.raises(joining.TooManyInvites):
        joining.invite_adult(user=second, role=CARER, now=NOW)


def test_guardian_of_a_shared_family_leaves_it_before_joining_another() -> None:
    guardian, _child = parent_with_child()
    shared = FamilyMemberFactory()
    FamilyMemberFactory(family=shared.family)
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(joining.OwnFamilyInUse):
        join(shared.user, code)


def test_family_with_old_bookings_is_not_left_for_another() -> None:
    house = open_house()
    parent, child = toddler()
    booked(house, user=parent, child=child)
    later = BOOKING_NOW + dt.timedelta(days=30)
    erase_child(user=parent, child=child.public_id, now=later)
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=later).code

    with pytest.raises(joining.OwnFamilyInUse):
        join(parent, code, now=later)


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (29, True), (30, False)])
def test_code_is_good_for_half_an_hour(minutes: int, good: bool) -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    later = NOW + dt.timedelta(minutes=minutes)

    if good:
        assert join(UserFactory(), code, now=later).family == child.family
    else:
        with pytest.raises(joining.InviteInvalid) as refused:
            join(UserFactory(), code, now=later)
        assert list(refused.value.fields) == ["code"]


def test_expired_codes_make_room_and_are_removed() -> None:
    guardian, _child = parent_with_child()
    for _number in range(joining.MAX_OPEN_INVITES):
        joining.invite_adult(user=guardian, role=CARER, now=NOW)
    just_before = NOW + joining.INVITE_LIFE - dt.timedelta(seconds=1)
    with pytest.raises(joining.TooManyInvites):
        joining.invite_adult(user=guardian, role=CARER, now=just_before)

    made = joining.invite_adult(user=guardian, role=CARER, now=NOW + joining.INVITE_LIFE)

    assert list(FamilyInvite.objects.all()) == [made.invite]
    assert made.invite.expires_at == NOW + 2 * joining.INVITE_LIFE
    assert (made.invite.family, made.invite.created_by) == (guardian.family_member.family, guardian)


def test_used_codes_are_not_removed_and_do_not_count_as_open() -> None:
    guardian, _child = parent_with_child()
    codes = [joining.invite_adult(user=guardian, role=CARER, now=NOW).code for _number in range(3)]
    join(UserFactory(), codes[0])

    joining.invite_adult(user=guardian, role=CARER, now=NOW)

    assert FamilyInvite.objects.count() == 4


def test_fifth_adult_may_still_invite_the_sixth() -> None:
    guardian, child = parent_with_child()
    for _number in range(joining.MAX_MEMBERS - 2):
        carer_of(guardian)
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    assert join(UserFactory(), code).family == child.family
    assert child.family.members.count() == 6


def test_codes_of_another_family_are_not_withdrawn() -> None:
    first, _child = parent_with_child()
    second, _other = parent_with_child()
    code = joining.invite_adult(user=first, role=CARER, now=NOW).code

    assert joining.withdraw_invites(user=second, now=NOW) == 0
    assert join(UserFactory(), code).family == first.family_member.family


def test_withdrawing_counts_only_open_codes() -> None:
    guardian, _child = parent_with_child()
    joining.invite_adult(user=guardian, role=CARER, now=NOW - joining.INVITE_LIFE)
    joining.invite_adult(user=guardian, role=CARER, now=NOW)

    assert joining.withdraw_invites(user=guardian, now=NOW) == 1


def test_carer_withdraws_no_codes() -> None:
    guardian, _child = parent_with_child()
    carer = carer_of(guardian).user
    joining.invite_adult(user=guardian, role=CARER, now=NOW)

    with pytest.raises(families.GuardianOnly):
        joining.withdraw_invites(user=carer, now=NOW)

    assert FamilyInvite.objects.get().used_at is None


def test_invited_guardian_is_a_guardian() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=FamilyMember.Role.GUARDIAN, now=NOW).code

    assert join(UserFactory(), code).is_guardian


def test_tries_are_counted_per_person_and_the_next_hour_begins_again() -> None:
    guardian, child = parent_with_child()
    guesser = UserFactory()
    for _number in range(6):
        with pytest.raises(joining.InviteInvalid):
            join(guesser, "not-a-code")
    later = NOW + dt.timedelta(hours=1)
    code = joining.invite_adult(user=guardian, role=CARER, now=later).code

    with pytest.raises(joining.TooManyInviteTries):
        join(guesser, code, now=later - dt.timedelta(seconds=1))
    assert join(guesser, code, now=later).family == child.family


def test_sixty_tries_an_hour_shut_an_address() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    for _person in range(10):
        guesser = UserFactory()
        for _number in range(6):
            with pytest.raises(joining.InviteInvalid):
                join(guesser, "not-a-code")

    with pytest.raises(joining.TooManyInviteTries):
        join(UserFactory(), code)
    assert join(UserFactory(), code, address="198.51.100.9").role == CARER


def test_refused_join_leaves_code_and_own_family_as_they_are() -> None:
    guardian, _child = parent_with_child()
    other, other_child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(joining.OwnFamilyInUse):
        join(other, code)

    assert FamilyMember.objects.get(user=other).family == other_child.family
    assert join(UserFactory(), code).family == guardian.family_member.family


def test_relation_of_who_joins_is_stripped_and_never_cut() -> None:
    guardian, _child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code

    with pytest.raises(InvalidInput) as refused:
        joining.join_family(user=UserFactory(), code=code, relation="婆" * 21, address="a", now=NOW)
    typed = f" \u200b{'婆' * 20}"
    member = joining.join_family(user=UserFactory(), code=code, relation=typed, address="a", now=NOW).member

    assert refused.value.fields == {"relation": "和宝宝的关系最多 20 个字，现在有 21 个"}
    assert (member.relation, member.joined_at) == ("婆" * 20, NOW)


def test_code_sent_twice_by_who_joined_gets_the_same_answer() -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, now=NOW).code
    user = UserFactory()

    first = join(user, code)
    again = join(user, code, now=NOW + dt.timedelta(seconds=1))

    assert (again, again.joined_at) == (first, NOW)
    assert child.family.members.count() == 2


def test_used_code_is_no_answer_for_other_members_of_the_family() -> None:
    guardian, child = parent_with_child()
    carer = carer_of(guardian).user
    first, second = (joining.invite_adult(user=guardian, role=CARER, now=NOW).code for _number in range(2))
    joined = UserFactory()
    join(joined, first)
    join(UserFactory(), second, now=NOW + dt.timedelta(seconds=1))

    for user, code in ((carer, first), (guardian, first), (joined, second), (UserFactory(), first)):
        with pytest.raises(joining.InviteInvalid):
            join(user, code)

    assert child.family.members.count() == 4


@pytest.mark.parametrize("refusals", [5, 7])
def test_right_code_that_is_refused_for_another_reason_costs_no_try(refusals: int) -> None:
    guardian, child = parent_with_child()
    code = joining.invite_adult(user=guardian, role=CARER, may_fetch=True, now=NOW).code
    user = UserFactory()
    for _number in range(refusals):
        with pytest.raises(joining.NameNeeded):
            join(user, code)
    for _number in range(5):
        with pytest.raises(joining.InviteInvalid):
            join(user, "not-a-code")

    joined = joining.join_family(user=user, code=code, relation="", name="王", address="203.0.113.7", now=NOW)

    assert joined.member.family == child.family
    with pytest.raises(joining.TooManyInviteTries):
        join(user, code)


@pytest.mark.parametrize(
    ("role", "words"),
    [(CARER, "这位是照护人"), (FamilyMember.Role.GUARDIAN, "这位是监护人")],
)
def test_everybody_who_was_there_hears_who_joined(role: str, words: str) -> None:
    guardian, _child = parent_with_child()
    carer = carer_of(guardian)
    parent_with_child()
    code = joining.invite_adult(user=guardian, role=role, now=NOW).code

    joined = join(UserFactory(), code)
    join(joined.user, code)

    told = {row.user_id: row for row in Message.objects.all()}
    assert set(told) == {guardian.pk, carer.user_id}
    assert Message.objects.count() == 2
    row = told[guardian.pk]
    assert (row.kind, row.title, row.link, row.created_at) == (
        "family_joined",
        "有一位家人加入了家庭",
        "/me/family/",
        NOW,
    )
    assert row.body.startswith(words)
    assert ("移出" in row.body, "可接走的人" in row.body) == (True, False)
