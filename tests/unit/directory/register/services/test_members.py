from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import ModelLogEntry

from cms.accounts.ports import Posts
from cms.accounts.signin.services.setup_links import read_setup_link
from cms.core.errors import InvalidInput, NotAllowed
from cms.core.web.staff_scope import in_scope
from directory.districts.models import District, DistrictStaff
from directory.districts.queries.people import districts_of
from directory.districts.services import staff
from directory.register.models import InstitutionMember
from directory.register.queries.memberships import members_of, memberships_of, names_in
from directory.register.queries.people import institutions_of_staff, posts_of
from directory.register.services import invites, members
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import (
    DistrictFactory,
    DistrictStaffFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def manager_of(institution: object) -> InstitutionMember:
    return InstitutionMemberFactory(institution=institution, user=StaffUserFactory())


def test_last_manager_stays_until_another_comes() -> None:
    institution = InstitutionFactory()
    first = manager_of(institution)

    with pytest.raises(members.LastManager):
        members.end_membership(member=first, actor=first.user, now=NOW)
    second = manager_of(institution)
    members.end_membership(member=first, actor=second.user, now=NOW)

    assert [row.user for row in members_of(institution)] == [second.user]


def test_last_manager_may_end_a_caregiver() -> None:
    institution = InstitutionFactory()
    boss = manager_of(institution)
    caregiver = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role="caregiver")

    ended = members.end_membership(member=caregiver, actor=boss.user, now=NOW)

    assert ended.ended_at == NOW
    assert [row.user for row in members_of(institution)] == [boss.user]


def test_district_staff_may_end_the_last_manager() -> None:
    boss = manager_of(InstitutionFactory())

    assert members.end_membership_by_district(member=boss, actor=StaffUserFactory(), now=NOW).ended_at == NOW


def test_a_former_manager_is_no_other_manager() -> None:
    institution = InstitutionFactory()
    boss = manager_of(institution)
    InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), ended_at=NOW)
    manager_of(InstitutionFactory())

    with pytest.raises(members.LastManager):
        members.end_membership(member=boss, actor=boss.user, now=NOW)


def test_ended_twice_from_two_windows_keeps_the_first_moment() -> None:
    institution = InstitutionFactory()
    boss, stale = manager_of(institution), manager_of(institution)
    members.end_membership(member=InstitutionMember.objects.get(pk=stale.pk), actor=boss.user, now=NOW)

    members.end_membership(member=stale, actor=boss.user, now=NOW + dt.timedelta(days=1))

    assert InstitutionMember.objects.get(pk=stale.pk).ended_at == NOW


def test_former_manager_ends_nobody() -> None:
    institution = InstitutionFactory()
    first, second = manager_of(institution), manager_of(institution)
    members.end_membership(member=second, actor=first.user, now=NOW)

    with pytest.raises(members.ManagerOnly):
        members.end_membership(member=first, actor=second.user, now=NOW)

    assert [row.user for row in members_of(institution)] == [first.user]


@pytest.mark.parametrize("role", ["manager", "caregiver"])
def test_only_managers_of_the_same_institution_end_a_membership(role: str) -> None:
    institution = InstitutionFactory()
    manager_of(institution)
    found = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role=role)
    caregiver = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role="caregiver")

    for actor in (StaffUserFactory(), caregiver.user, manager_of(InstitutionFactory()).user):
        with pytest.raises(members.ManagerOnly):
            members.end_membership(member=found, actor=actor, now=NOW)

    found.refresh_from_db()
    assert found.ended_at is None


def test_caregivers_factor_is_set_by_managers_alone() -> None:
    institution = InstitutionFactory()
    boss = manager_of(institution)
    stale = type(institution).objects.get(pk=institution.pk)

    with pytest.raises(NotAllowed):
        members.set_caregivers_factor(institution=institution, needed=True, actor=StaffUserFactory(), now=NOW)
    changed = members.set_caregivers_factor(institution=institution, needed=True, actor=boss.user, now=NOW)
    again = members.set_caregivers_factor(
        institution=stale, needed=True, actor=boss.user, now=NOW + dt.timedelta(days=1)
    )

    assert (changed.caregivers_need_factor, changed.changed_at) == (True, NOW)
    assert again.changed_at == NOW


def test_posts_follow_from_memberships() -> None:
    user = StaffUserFactory()
    caregiver = InstitutionMemberFactory(
        institution=InstitutionFactory(caregivers_need_factor=True), user=user, role="caregiver"
    )
    during = posts_of(user)
    members.end_membership_by_district(member=caregiver, actor=StaffUserFactory(), now=NOW)

    assert during == Posts(caregiver=True, caregiver_needs_factor=True)
    assert posts_of(user) == Posts()


@pytest.mark.parametrize("state", ["draft", "active", "ended"])
def test_nobody_works_at_an_institution_that_has_ended(state: str) -> None:
    member = manager_of(InstitutionFactory(state=state))
    works = state != "ended"

    assert posts_of(member.user) == Posts(manager=works)
    assert memberships_of(member.user) == ([member] if works else [])


def test_appointing_makes_account_group_and_post() -> None:
    district = DistrictFactory(name="示例区")

    post, token = staff.appoint_staff(district=district, department="health_commission", username="example-li", now=NOW)

    assert read_setup_link(token=token, now=NOW).user == post.user
    assert not post.user.has_usable_password()
    assert [group.name for group in post.user.groups.all()] == ["示例区 卫健"]
    assert posts_of(post.user).district_staff is True


def test_new_accounts_get_the_one_form_of_their_name() -> None:
    post, _token = staff.appoint_staff(
        district=DistrictFactory(), department="health_commission", username=" Example-Li ", now=NOW
    )

    assert post.user.username == "example-li"


@pytest.mark.parametrize("typed", ["example-li", "Example-Li", " example-li "])
def test_appointing_a_known_user_keeps_the_password(typed: str) -> None:
    user = StaffUserFactory(username="example-li")

    _post, token = staff.appoint_staff(
        district=DistrictFactory(), department="maternal_child_health", username=typed, now=NOW
    )

    user.refresh_from_db()
    assert (token, DistrictStaff.objects.get().user) == ("", user)


@pytest.mark.parametrize("username", ["", "has space"])
def test_unfit_usernames_are_refused(username: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        staff.appoint_staff(district=DistrictFactory(), department="health_commission", username=username, now=NOW)

    assert list(caught.value.fields) == ["username"]
    assert not get_user_model().objects.filter(username=username).exists()


def test_same_post_twice_is_refused() -> None:
    post, _token = staff.appoint_staff(
        district=DistrictFactory(), department="health_commission", username="li", now=NOW
    )

    with pytest.raises(InvalidInput):
        staff.appoint_staff(district=post.district, department=post.department, username="li", now=NOW)


def test_end_of_a_post_takes_the_group() -> None:
    post, _token = staff.appoint_staff(
        district=DistrictFactory(), department="health_commission", username="li", now=NOW
    )
    user = post.user
    staff.appoint_staff(district=post.district, department=post.department, username="wang", now=NOW)

    staff.end_post(post=post)

    assert (user.groups.count(), posts_of(user)) == (0, Posts())


def test_staff_see_their_districts_only() -> None:
    mine = InstitutionFactory()
    InstitutionFactory()
    post = DistrictStaffFactory(district=mine.district, user=StaffUserFactory())
    boss = StaffUserFactory(is_superuser=True)

    assert list(institutions_of_staff(post.user)) == [mine]
    assert list(districts_of(post.user)) == [mine.district]
    assert in_scope(type(mine).objects.all(), boss).count() == 2
    assert set(districts_of(boss)) == set(District.objects.all())


def last_action() -> ModelLogEntry | None:
    return ModelLogEntry.objects.filter(action="directory.member_name").order_by("pk").last()


def test_manager_and_the_person_say_what_somebody_is_called() -> None:
    boss = manager_of(InstitutionFactory())
    caregiver = InstitutionMemberFactory(institution=boss.institution, user=UserFactory(), role="caregiver")

    members.name_member(member=caregiver, name=" 王\u200b 芳 ", actor=boss.user)
    named = InstitutionMember.objects.get(pk=caregiver.pk).name
    members.name_member(member=caregiver, name="王老师", actor=caregiver.user)

    assert (named, InstitutionMember.objects.get(pk=caregiver.pk).name) == ("王 芳", "王老师")
    assert (last_action().user, last_action().data) == (
        caregiver.user,
        {"role": "caregiver", "member": caregiver.pk},
    )


def test_same_name_again_is_no_act() -> None:
    boss = manager_of(InstitutionFactory())

    for _number in range(2):
        members.name_member(member=boss, name="王芳", actor=boss.user)

    assert ModelLogEntry.objects.filter(action="directory.member_name").count() == 1


def test_nobody_else_names_a_member() -> None:
    institution = InstitutionFactory()
    boss = manager_of(institution)
    caregiver = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role="caregiver")

    for actor in (StaffUserFactory(), caregiver.user, manager_of(InstitutionFactory()).user):
        with pytest.raises(members.ManagerOnly):
            members.name_member(member=boss, name="王芳", actor=actor)

    assert InstitutionMember.objects.get(pk=boss.pk).name == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "请填姓名"), (" \u200b ", "请填姓名"), ("芳" * 61, "姓名最多 60 个字，现在有 61 个")],
)
def test_unfit_names_are_refused_at_their_field(typed: str, words: str) -> None:
    boss = manager_of(InstitutionFactory())

    with pytest.raises(InvalidInput) as caught:
        members.name_member(member=boss, name=typed, actor=boss.user)

    assert caught.value.fields == {"name": words}


def test_who_was_let_go_is_named_no_more() -> None:
    boss = manager_of(InstitutionFactory())
    stale = manager_of(boss.institution)
    members.end_membership(member=InstitutionMember.objects.get(pk=stale.pk), actor=boss.user, now=NOW)

    for act in (members.name_member, members.name_member_by_district):
        with pytest.raises(members.NoLongerHere):
            act(member=stale, name="王芳", actor=boss.user)

    assert InstitutionMember.objects.get(pk=stale.pk).name == ""


def test_district_names_a_member() -> None:
    boss, staff = manager_of(InstitutionFactory()), StaffUserFactory()

    members.name_member_by_district(member=boss, name="王芳", actor=staff)

    assert (InstitutionMember.objects.get(pk=boss.pk).name, last_action().user) == ("王芳", staff)


def test_end_of_the_institution_forgets_whom_it_invited() -> None:
    boss = manager_of(InstitutionFactory())
    invite, _token = invites.invite_caregiver(institution=boss.institution, name="王芳", actor=boss.user, now=NOW)

    members.end_memberships(institution=boss.institution, actor=None, now=NOW)

    invite.refresh_from_db()
    assert (invite.name, invite.token, invite.expires_at) == ("", "", NOW)


def test_called_by_name_else_by_the_account() -> None:
    institution = InstitutionFactory()
    known = {"institution": institution, "role": "caregiver"}
    named = InstitutionMemberFactory(**known, user=UserFactory(phone="13800001234"), name="王芳")
    by_phone = InstitutionMemberFactory(**known, user=UserFactory(phone="13800005678"))
    by_name = InstitutionMemberFactory(**known, user=StaffUserFactory(username="li"))

    assert [row.called for row in (named, by_phone, by_name)] == ["王芳", "138****5678", "li"]
    assert [row.account for row in (named, by_phone, by_name)] == ["138****1234", "138****5678", "li"]


def test_names_of_an_institution_remember_who_left() -> None:
    institution = InstitutionFactory()
    gone = InstitutionMemberFactory(institution=institution, user=UserFactory(), name="王芳", ended_at=NOW)
    again = InstitutionMemberFactory(institution=institution, user=gone.user)
    unnamed = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(username="li"))
    manager_of(InstitutionFactory())

    assert names_in(institution.pk) == {gone.user_id: "王芳", unnamed.user_id: "li"}
    again.name = "王老师"
    again.save()
    assert names_in(institution.pk)[gone.user_id] == "王老师"
