"""Who works where, in which order, and what signing in depends on."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from cms.accounts.ports import Posts
from directory.districts.queries.people import districts_of
from directory.register.models import StaffInvite
from directory.register.queries import memberships, people
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import (
    DistrictFactory,
    DistrictStaffFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_districts_of_a_person_are_in_order_and_a_superusers_all() -> None:
    third = DistrictFactory(position=2)
    second = DistrictFactory(position=1)
    first = DistrictFactory(position=1, pk=second.pk - 1000)
    user, chief = StaffUserFactory(), StaffUserFactory(is_superuser=True)
    for district in (third, second, first):
        DistrictStaffFactory(user=user, district=district)
    other = DistrictFactory(position=3)
    DistrictStaffFactory(user=StaffUserFactory(), district=other)

    assert list(districts_of(user)) == [first, second, third]
    assert list(districts_of(chief)) == [first, second, third, other]
    assert list(districts_of(AnonymousUser())) == []


def test_live_members_are_listed_managers_first() -> None:
    house = InstitutionFactory(public=True)

    def join(role: str, created_at: dt.datetime, **more):
        return InstitutionMemberFactory(institution=house, user=UserFactory(), role=role, created_at=created_at, **more)

    young, old = join("manager", NOW + SECOND), join("manager", NOW)
    second, first = join("caregiver", NOW, pk=812), join("caregiver", NOW, pk=811)
    join("manager", NOW, ended_at=NOW)
    InstitutionMemberFactory(user=UserFactory())

    assert list(memberships.members_of(house)) == [old, young, first, second]


def test_workbenches_of_a_person_by_name() -> None:
    user = UserFactory()
    names = {"乙园": None, "丙园": None, "甲园": None}
    for name in names:
        names[name] = InstitutionMemberFactory(user=user, institution=InstitutionFactory(name=name, public=True))
    InstitutionMemberFactory(user=user, institution=InstitutionFactory(name="旧园", state="ended"))
    left = InstitutionMemberFactory(user=user, ended_at=NOW)
    InstitutionMemberFactory(user=UserFactory())

    expected = sorted(names.values(), key=lambda member: member.institution.name)
    assert memberships.memberships_of(user) == expected
    assert left not in memberships.live_memberships(user)
    assert memberships.live_memberships(user).count() == 3


def test_open_invitations_last_first() -> None:
    house, chief = InstitutionFactory(public=True), UserFactory()

    def invite(token: str, created_at: dt.datetime, institution=house, **more) -> StaffInvite:
        return StaffInvite.objects.create(
            institution=institution,
            role="caregiver",
            token_hash=token,
            created_by=chief,
            created_at=created_at,
            expires_at=created_at,
            **more,
        )

    old, new = invite("a", NOW), invite("b", NOW + SECOND)
    invite("c", NOW, used_at=NOW)
    invite("e", NOW, taken_back_at=NOW)
    invite("d", NOW, institution=InstitutionFactory(public=True))

    assert list(memberships.waiting_invites(house)) == [new, old]
    assert list(memberships.open_invites(house, now=NOW)) == [new]
    assert list(memberships.open_invites(house, now=NOW + SECOND)) == []


@pytest.mark.parametrize(
    ("roles", "posts"),
    [
        ([], Posts()),
        ([("manager", False, False)], Posts(manager=True)),
        ([("manager", True, False)], Posts(manager=True)),
        ([("caregiver", False, False)], Posts(caregiver=True)),
        ([("caregiver", True, False)], Posts(caregiver=True, caregiver_needs_factor=True)),
        ([("caregiver", False, False), ("caregiver", True, False)], Posts(caregiver=True, caregiver_needs_factor=True)),
        (
            [("manager", True, False), ("caregiver", False, False)],
            Posts(manager=True, caregiver=True),
        ),
        ([("manager", False, True), ("caregiver", True, True)], Posts()),
    ],
)
@pytest.mark.parametrize("district_staff", [True, False])
def test_posts_of_a_person(roles: list[tuple[str, bool, bool]], posts: Posts, district_staff: bool) -> None:
    user = UserFactory()
    for role, factor, ended in roles:
        house = InstitutionFactory(public=True, caregivers_need_factor=factor)
        InstitutionMemberFactory(user=user, institution=house, role=role, ended_at=NOW if ended else None)
    if district_staff:
        DistrictStaffFactory(user=user)
    DistrictStaffFactory(user=UserFactory())
    InstitutionMemberFactory(user=UserFactory())

    assert people.posts_of(user) == Posts(district_staff, posts.manager, posts.caregiver, posts.caregiver_needs_factor)


def test_institutions_of_staff_are_those_of_their_districts() -> None:
    post = DistrictStaffFactory(user=StaffUserFactory())
    own = InstitutionFactory(district=post.district)
    InstitutionFactory()

    assert list(people.institutions_of_staff(post.user)) == [own]
