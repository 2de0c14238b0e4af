"""Who may remove whom, and what becomes of the list of who may fetch when an adult goes."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.families import MemberNotFound, may_remove, pickup_without, removable_member
from cms.accounts.family.services import joining, leaving, own_data, pickup
from cms.accounts.models import FamilyInvite, FamilyMember, Message, PickupPerson, User
from tests.factories.accounts import FamilyMemberFactory, PickupPersonFactory, UserFactory, parent_with_child
from tests.factories.booking import NOW, booked, open_house, toddler

pytestmark = pytest.mark.django_db
CARER, GUARDIAN = FamilyMember.Role.CARER, FamilyMember.Role.GUARDIAN
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)


def adult(first: User, *, role: str = CARER, joined_at: dt.datetime = NOW) -> FamilyMember:
    return FamilyMemberFactory(family=first.family_member.family, role=role, joined_at=joined_at)


@pytest.fixture
def parent() -> User:
    """A guardian of thirty days with a child."""
    user, _child = toddler()
    FamilyMember.objects.filter(user=user).update(joined_at=NOW - 30 * DAY)
    user.family_member.refresh_from_db()
    return user


def entry_of(member: FamilyMember) -> PickupPerson:
    return PickupPersonFactory(family=member.family, phone=member.user.phone)


def test_carer_may_be_removed_at_any_time(parent: User) -> None:
    carer = adult(parent, joined_at=NOW - 400 * DAY)

    leaving.remove_member(user=parent, member_id=carer.pk, now=NOW)

    assert list(parent.family_member.family.members.all()) == [parent.family_member]


@pytest.mark.parametrize(("after", "may"), [(0 * DAY, True), (7 * DAY - SECOND, True), (7 * DAY, False)])
def test_guardian_who_just_came_may_be_removed_for_seven_days(parent: User, after: dt.timedelta, may: bool) -> None:
    other = adult(parent, role=GUARDIAN)

    if may:
        leaving.remove_member(user=parent, member_id=other.pk, now=NOW + after)
    else:
        with pytest.raises(leaving.StaysGuardian):
            leaving.remove_member(user=parent, member_id=other.pk, now=NOW + after)

    assert FamilyMember.objects.filter(pk=other.pk).exists() is not may


@pytest.mark.parametrize("before", [0 * SECOND, SECOND])
def test_who_came_later_never_removes_who_was_there_first(parent: User, before: dt.timedelta) -> None:
    first = adult(parent, role=GUARDIAN, joined_at=NOW - before)
    newcomer = adult(parent, role=GUARDIAN)

    with pytest.raises(leaving.StaysGuardian):
        leaving.remove_member(user=newcomer.user, member_id=first.pk, now=NOW)

    assert may_remove(first, newcomer, now=NOW) is bool(before)


def test_nobody_removes_themselves_or_a_stranger_and_a_carer_removes_nobody(parent: User) -> None:
    own, carer = parent.family_member, adult(parent)
    stranger = FamilyMemberFactory(role=CARER, joined_at=NOW)

    assert [may_remove(own, member, now=NOW) for member in (own, stranger, carer)] == [False, False, True]
    assert may_remove(carer, adult(parent), now=NOW) is False
    with pytest.raises(leaving.StaysGuardian):
        leaving.remove_member(user=parent, member_id=own.pk, now=NOW)
    with pytest.raises(MemberNotFound):
        leaving.remove_member(user=parent, member_id=stranger.pk, now=NOW)
    with pytest.raises(MemberNotFound):
        removable_member(parent, stranger.pk, now=NOW)
    with pytest.raises(MemberNotFound):
        removable_member(carer.user, own.pk, now=NOW)
    with pytest.raises(MemberNotFound):
        removable_member(UserFactory(), carer.pk, now=NOW)
    assert removable_member(parent, carer.pk, now=NOW) == carer


def test_removed_guardian_starts_anew_and_their_codes_are_of_no_use(parent: User) -> None:
    other = adult(parent, role=GUARDIAN)
    code = joining.invite_adult(user=other.user, role=GUARDIAN, now=NOW).code
    kept = joining.invite_adult(user=parent, role=CARER, now=NOW).invite
    third = adult(parent)

    leaving.remove_member(user=parent, member_id=other.pk, now=NOW)

    with pytest.raises(joining.InviteInvalid):
        joining.join_family(user=UserFactory(), code=code, relation="", address="a", now=NOW)
    assert FamilyInvite.objects.get(pk=kept.pk).used_at is None
    assert FamilyMember.objects.get(user=other.user).family != parent.family_member.family
    titles = Message.objects.values_list("user_id", "title")
    assert sorted(titles) == sorted(
        [
            (other.user_id, "您已被移出家庭"),
            (parent.pk, "有一位家人被移出了家庭"),
            (third.user_id, "有一位家人被移出了家庭"),
        ]
    )


@pytest.mark.parametrize(
    ("way", "title"),
    [
        ("leave", "有一位家人退出了家庭"),
        ("remove", "有一位家人被移出了家庭"),
        ("close", "有一位家人注销了账号"),
        ("join", "有一位家人退出了家庭"),
    ],
)
def test_who_goes_does_not_fetch_any_more_and_those_who_stay_hear_it(parent: User, way: str, title: str) -> None:
    carer = adult(parent)
    entry_of(carer)
    kept = PickupPersonFactory(family=carer.family)
    foreign = PickupPersonFactory(phone=carer.user.phone)
    if way == "leave":
        leaving.leave_family(user=carer.user, now=NOW)
    elif way == "remove":
        leaving.remove_member(user=parent, member_id=carer.pk, now=NOW)
    elif way == "close":
        own_data.erase_account(user=carer.user, now=NOW)
    else:
        other, _child = parent_with_child()
        code = joining.invite_adult(user=other, role=CARER, now=NOW).code
        joining.join_family(user=carer.user, code=code, relation="", address="a", leaving=carer.pk, now=NOW)

    assert set(PickupPerson.objects.all()) == {kept, foreign}
    told = Message.objects.get(user=parent)
    assert (told.kind, told.title, told.link) == ("family_left", title, "/me/family/")
    assert "这位也不在「可接走的人」里了" in told.body
    assert "没有登记可接走的人" not in told.body


def test_who_never_fetched_is_not_spoken_of_as_such(parent: User) -> None:
    carer = adult(parent)
    PickupPersonFactory(family=carer.family)

    leaving.leave_family(user=carer.user, now=NOW)

    assert "可接走的人" not in Message.objects.get(user=parent).body


def test_account_without_a_number_takes_nobody_from_the_list(parent: User) -> None:
    carer = FamilyMemberFactory(family=parent.family_member.family, role=CARER, user=UserFactory(phone=""))
    PickupPersonFactory(family=carer.family, phone="")

    assert pickup_without(carer, now=NOW).going == []


@pytest.mark.parametrize("way", ["leave", "remove"])
def test_last_who_may_fetch_goes_only_once_that_is_known(way: str) -> None:
    parent, child = toddler()
    booked(open_house(), user=parent, child=child)
    carer = adult(parent)
    entry = entry_of(carer)

    def go(**more: bool) -> None:
        if way == "leave":
            leaving.leave_family(user=carer.user, now=NOW, **more)
        else:
            leaving.remove_member(user=parent, member_id=carer.pk, now=NOW, **more)

    with pytest.raises(leaving.LastFetcherLeaves):
        go()
    assert (PickupPerson.objects.get(), carer.family.members.count()) == (entry, 2)
    assert pickup_without(carer, now=NOW).bookings == 1

    go(last_ok=True)

    assert (PickupPerson.objects.count(), child.family.members.count()) == (0, 1)
    told = Message.objects.get(user=parent)
    assert "后面还有 1 次预约，现在没有登记可接走的人，请先登记一位。" in told.body
    assert told.link == "/me/pickup/"


def test_one_of_two_who_fetch_goes_unasked_though_stays_are_booked() -> None:
    parent, child = toddler()
    booked(open_house(), user=parent, child=child)
    carer = adult(parent)
    entry_of(carer)
    pickup.add_pickup_person(user=parent, name="王", relation="姨", phone="13900000001", is_adult=True, now=NOW)

    leaving.leave_family(user=carer.user, now=NOW)

    assert PickupPerson.objects.get().name == "王"
