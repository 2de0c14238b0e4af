"""What belongs to a family, in its order, and what is another's."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.consents import NoConsentText, children_to_ask_again, current_text, decisions_of
from cms.accounts.family.queries.families import (
    ChildNotFound,
    child_of,
    children_of,
    family_of,
    is_guardian,
    members_of,
    membership_of,
    open_invites,
    pickup_persons_of,
)
from cms.accounts.family.queries.users import active_user, name_for_family
from cms.accounts.models import Consent, ConsentText, Family, FamilyInvite, User
from tests.factories.accounts import (
    ChildFactory,
    ConsentFactory,
    ConsentTextFactory,
    FamilyFactory,
    FamilyMemberFactory,
    PickupPersonFactory,
    StaffUserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def invite(family: Family, code: str, *, created_at: dt.datetime = NOW, **more: dt.datetime) -> FamilyInvite:
    return FamilyInvite.objects.create(
        family=family,
        created_by=family.members.first().user,
        code_hash=code,
        role="carer",
        created_at=created_at,
        **{"expires_at": NOW + SECOND, **more},
    )


def test_children_and_those_who_fetch_stand_in_the_order_of_entry() -> None:
    member, other = FamilyMemberFactory(), FamilyMemberFactory()
    later, child = ChildFactory(family=member.family, pk=52), ChildFactory(family=member.family, pk=51)
    aunt, uncle = PickupPersonFactory(family=member.family, pk=62), PickupPersonFactory(family=member.family, pk=61)
    ChildFactory(family=other.family)
    PickupPersonFactory(family=other.family)

    assert list(children_of(member.user)) == [child, later]
    assert list(pickup_persons_of(member.user)) == [uncle, aunt]


def test_child_is_found_in_its_own_family_alone() -> None:
    member = FamilyMemberFactory()
    ChildFactory(family=member.family)
    own, foreign = ChildFactory(family=member.family), ChildFactory()

    assert child_of(member.user, own.public_id) == own
    with pytest.raises(ChildNotFound):
        child_of(member.user, foreign.public_id)


def test_adults_stand_in_the_order_in_which_they_came() -> None:
    family = FamilyFactory()
    third = FamilyMemberFactory(family=family, joined_at=NOW, pk=73)
    second = FamilyMemberFactory(family=family, joined_at=NOW, pk=72)
    first = FamilyMemberFactory(family=family, joined_at=NOW - SECOND, pk=74)
    FamilyMemberFactory(joined_at=NOW)

    assert list(members_of(family)) == [first, second, third]


def test_open_codes_are_unused_alive_and_the_newest_first() -> None:
    family, other = FamilyMemberFactory().family, FamilyMemberFactory().family
    old, new = invite(family, "a"), invite(family, "b", created_at=NOW + SECOND)
    invite(family, "c", expires_at=NOW)
    invite(family, "d", used_at=NOW)
    invite(other, "e")

    assert list(open_invites(family, now=NOW)) == [new, old]


@pytest.mark.parametrize(("role", "guardian"), [("guardian", True), ("carer", False), (None, True)])
def test_guardians_are_those_of_a_family_and_people_without_one(role: str | None, guardian: bool) -> None:
    user: User = UserFactory() if role is None else FamilyMemberFactory(role=role).user

    assert is_guardian(user) is guardian
    assert (family_of(user) is None, membership_of(user) is None) == (role is None, role is None)


def test_membership_is_read_once(django_assert_num_queries) -> None:
    member = FamilyMemberFactory()
    user, alone = User.objects.get(pk=member.user_id), UserFactory()

    with django_assert_num_queries(2):
        assert [membership_of(user), membership_of(user), family_of(user)] == [member, member, member.family]
        assert [membership_of(alone), membership_of(alone)] == [None, None]


def test_text_in_force_is_the_newest_of_its_kind() -> None:
    ConsentText.objects.all().delete()
    with pytest.raises(NoConsentText):
        current_text()
    newest = ConsentTextFactory(published_at=NOW, pk=82)
    ConsentTextFactory(published_at=NOW, pk=81)
    ConsentTextFactory(published_at=NOW - SECOND, pk=83)

    assert current_text() == newest
    with pytest.raises(NoConsentText):
        current_text("another")


def test_decisions_stand_newest_first() -> None:
    family = FamilyFactory()
    first = ConsentFactory(family=family, decided_at=NOW, pk=91)
    second = ConsentFactory(family=family, decided_at=NOW, pk=92)
    third = ConsentFactory(family=family, decided_at=NOW + SECOND, pk=90)
    ConsentFactory(decided_at=NOW)

    assert list(decisions_of(family)) == [third, second, first]


def test_children_are_asked_again_unless_a_guardian_agreed_to_this_text() -> None:
    family, text = FamilyFactory(), ConsentTextFactory()
    later, asked = ChildFactory(family=family, pk=42), ChildFactory(family=family, pk=41)
    agreed, refused = ChildFactory(family=family), ChildFactory(family=family)
    old = ChildFactory(family=family)
    ConsentFactory(family=family, child=agreed, text=text)
    ConsentFactory(family=family, child=refused, text=text, decision=Consent.Decision.REFUSED)
    ConsentFactory(family=family, child=old)
    ConsentFactory(family=family, child=None, text=text)
    ChildFactory()

    assert children_to_ask_again(family, text) == [asked, later, refused, old]


def test_an_adult_is_called_by_name_number_or_account() -> None:
    named = UserFactory(display_name="妈妈", phone="13800138000")
    numbered = UserFactory(phone="13800138001")
    staff = StaffUserFactory(username="wang")

    assert [name_for_family(user) for user in (named, numbered, staff, None)] == ["妈妈", "138****8001", "wang", ""]


def test_active_user_is_one_that_is_not_closed() -> None:
    user, closed = UserFactory(), UserFactory(is_active=False)

    assert [active_user(pk) for pk in (user.pk, closed.pk, 0)] == [user, None, None]
