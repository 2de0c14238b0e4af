"""Who may let whom begin again, and what is left of the old ways in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from wagtail.models import ModelLogEntry

from cms.accounts.messaging.services.text_messages import TOPIC
from cms.accounts.models import Message, SessionToken, SetupLink, User
from cms.accounts.signin.services.resets import OpensMore, OwnReset, ResetMeanwhile
from cms.accounts.signin.services.second_factor import enrol_totp, new_secret
from cms.accounts.signin.services.setup_links import read_setup_link
from cms.accounts.signin.services.tokens import issue_token
from cms.core.models import OutboxMessage
from directory.register.models import InstitutionMember
from directory.register.services import resets
from directory.register.services.members import ManagerOnly, NoLongerHere, end_membership
from tests.factories.accounts import ChildFactory, FamilyMemberFactory, StaffUserFactory, UserFactory
from tests.factories.directory import (
    DistrictStaffFactory,
    InstitutionFactory,
    InstitutionMemberFactory,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def boss() -> InstitutionMember:
    return InstitutionMemberFactory(institution=InstitutionFactory(name="示例园"), user=StaffUserFactory())


def colleague_of(boss: InstitutionMember, user: User | None = None, role: str = "manager") -> InstitutionMember:
    """Somebody of the same institution with an authenticator and a session of the API."""
    user = user or StaffUserFactory()
    enrol_totp(user=user, secret=new_secret())
    issue_token(user=user, now=NOW)
    return InstitutionMemberFactory(institution=boss.institution, user=user, role=role)


def reset(member: InstitutionMember, actor: User, **values: Any) -> str:
    known = {"seen": User.objects.get(pk=member.user_id).session_epoch, "keeps_factor": False, "now": NOW}
    return resets.reset_member(member=member, actor=actor, **(known | values))


def reset_by_district(member: InstitutionMember, actor: User) -> str:
    known = {"seen": member.user.session_epoch, "keeps_factor": False, "now": NOW}
    return resets.reset_member_by_district(member=member, actor=actor, **known)


def untouched(member: InstitutionMember) -> bool:
    """Whether nothing of the account's ways in has changed."""
    user = User.objects.get(pk=member.user_id)
    return (
        (user.session_epoch, user.password) == (member.user.session_epoch, member.user.password)
        and not SetupLink.objects.filter(user=user).exists()
        and not Message.objects.filter(user=user).exists()
    )


@pytest.mark.parametrize(
    ("keeps_factor", "factors", "action"), [(True, 1, "directory.reset_password"), (False, 0, "directory.reset_all")]
)
def test_password_and_sessions_end_and_a_link_begins_again(
    boss: InstitutionMember, keeps_factor: bool, factors: int, action: str
) -> None:
    colleague = colleague_of(boss)
    sessions = colleague.user.get_session_auth_hash()

    token = reset(colleague, boss.user, keeps_factor=keeps_factor)

    user = User.objects.get(pk=colleague.user_id)
    link = read_setup_link(token=token, now=NOW)
    entry = ModelLogEntry.objects.get(action__startswith="directory.reset")
    assert (link.user, link.replaces_factor) == (user, not keeps_factor)
    assert (user.has_usable_password(), user.get_session_auth_hash() == sessions) == (False, False)
    assert not SessionToken.objects.filter(user=user).exists()
    assert Authenticator.objects.filter(user=user).count() == factors
    assert (entry.action, entry.user, entry.data) == (action, boss.user, {"role": "manager", "member": colleague.pk})


@pytest.mark.parametrize("keeps_factor", [True, False])
def test_who_signs_in_by_phone_is_signed_out_and_loses_the_factor(boss: InstitutionMember, keeps_factor: bool) -> None:
    caregiver = colleague_of(boss, UserFactory(), role="caregiver")
    sessions = caregiver.user.get_session_auth_hash()

    token = reset(caregiver, boss.user, keeps_factor=keeps_factor)

    user = User.objects.get(pk=caregiver.user_id)
    assert (token, SetupLink.objects.exists()) == ("", False)
    assert user.get_session_auth_hash() != sessions
    assert not Authenticator.objects.filter(user=user).exists()
    assert not SessionToken.objects.filter(user=user).exists()
    assert ModelLogEntry.objects.filter(action="directory.reset_all").count() == 1


def test_person_is_told_in_the_site_and_by_text_where_there_is_a_number(boss: InstitutionMember) -> None:
    by_phone, by_name = colleague_of(boss, UserFactory(), role="caregiver"), colleague_of(boss)

    for member in (by_phone, by_name):
        reset(member, boss.user)
        reset(member, boss.user)

    texts = OutboxMessage.objects.filter(topic=TOPIC)
    assert [(row.payload["user"], row.payload["template"], row.payload["params"]) for row in texts] == [
        (by_phone.user_id, "account_reset", {"place": "示例园"})
    ] * 2
    told = Message.objects.filter(kind="account_reset")
    assert sorted(told.values_list("user", flat=True)) == sorted([by_phone.user_id, by_name.user_id] * 2)
    assert "示例园 替您重置了登录" in told[0].body


def test_nobody_but_a_manager_of_the_institution_resets(boss: InstitutionMember) -> None:
    colleague = colleague_of(boss)
    caregiver = colleague_of(boss, role="caregiver")
    elsewhere = InstitutionMemberFactory(institution=InstitutionFactory(), user=StaffUserFactory())
    former = InstitutionMemberFactory(institution=boss.institution, user=StaffUserFactory(), ended_at=NOW)

    for actor in (StaffUserFactory(), caregiver.user, elsewhere.user, former.user):
        with pytest.raises(ManagerOnly):
            reset(colleague, actor)

    assert untouched(colleague)


def test_nobody_resets_themselves(boss: InstitutionMember) -> None:
    enrol_totp(user=boss.user, secret=new_secret())

    for act in (reset, reset_by_district):
        with pytest.raises(OwnReset):
            act(boss, boss.user)

    assert untouched(boss)
    assert Authenticator.objects.filter(user=boss.user).count() == 1


def test_manager_with_children_of_their_own_is_told_that_it_is_about_themselves(boss: InstitutionMember) -> None:
    ChildFactory(family=FamilyMemberFactory(user=boss.user).family)

    with pytest.raises(OwnReset):
        reset(boss, boss.user)


@pytest.mark.parametrize("role", ["manager", "caregiver"])
@pytest.mark.parametrize("by_phone", [True, False])
def test_who_works_at_another_institution_too_is_not_the_managers(
    boss: InstitutionMember, role: str, by_phone: bool
) -> None:
    colleague = colleague_of(boss, UserFactory() if by_phone else None, role="caregiver")
    second = InstitutionMemberFactory(institution=InstitutionFactory(), user=colleague.user, role=role)

    with pytest.raises(OpensMore):
        reset(colleague, boss.user)
    assert untouched(colleague)
    InstitutionMember.objects.filter(pk=second.pk).update(ended_at=NOW)
    reset(colleague, boss.user)

    assert not untouched(colleague)


def with_permission(user: User) -> None:
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))


@pytest.mark.parametrize(
    "promote",
    [
        lambda user: DistrictStaffFactory(user=user),
        lambda user: User.objects.filter(pk=user.pk).update(is_superuser=True),
        with_permission,
    ],
)
def test_who_enters_the_admin_is_reset_where_posts_are_given(boss: InstitutionMember, promote: Any) -> None:
    colleague = colleague_of(boss)
    promote(colleague.user)
    staff = DistrictStaffFactory(user=StaffUserFactory(), district=boss.institution.district).user

    for act, actor in ((reset, boss.user), (reset_by_district, staff)):
        with pytest.raises(OpensMore):
            act(colleague, actor)

    assert untouched(colleague)


def test_colleague_never_gets_at_the_data_of_ones_own_children(boss: InstitutionMember) -> None:
    colleague = colleague_of(boss)
    ChildFactory(family=FamilyMemberFactory(user=colleague.user).family)
    staff = DistrictStaffFactory(user=StaffUserFactory(), district=boss.institution.district).user

    with pytest.raises(resets.HasChildren):
        reset(colleague, boss.user)
    assert untouched(colleague)

    assert reset_by_district(colleague, staff) != ""


def test_phone_account_with_children_gives_nothing_away(boss: InstitutionMember) -> None:
    caregiver = colleague_of(boss, FamilyMemberFactory().user, role="caregiver")
    ChildFactory(family=caregiver.user.family_member.family)

    assert reset(caregiver, boss.user) == ""


def test_district_resets_who_works_in_its_institutions_alone(boss: InstitutionMember) -> None:
    staff = DistrictStaffFactory(user=StaffUserFactory(), district=boss.institution.district).user
    neighbour = InstitutionFactory(district=boss.institution.district)
    InstitutionMemberFactory(institution=neighbour, user=boss.user)
    abroad = colleague_of(boss)
    InstitutionMemberFactory(institution=InstitutionFactory(), user=abroad.user)

    token = reset_by_district(boss, staff)
    with pytest.raises(OpensMore):
        reset_by_district(abroad, staff)

    assert read_setup_link(token=token, now=NOW).user == boss.user
    assert untouched(abroad)
    assert reset_by_district(abroad, StaffUserFactory(is_superuser=True)) != ""


def test_who_was_let_go_is_not_reset(boss: InstitutionMember) -> None:
    colleague = colleague_of(boss)
    end_membership(member=InstitutionMember.objects.get(pk=colleague.pk), actor=boss.user, now=NOW)

    for act in (reset, reset_by_district):
        with pytest.raises(NoLongerHere):
            act(colleague, boss.user)

    assert untouched(colleague)


def test_second_press_and_second_manager_do_nothing_more(boss: InstitutionMember) -> None:
    colleague = colleague_of(boss)
    seen = colleague.user.session_epoch
    token = reset(colleague, boss.user, seen=seen)

    with pytest.raises(ResetMeanwhile):
        reset(colleague, boss.user, seen=seen)

    assert read_setup_link(token=token, now=NOW).user_id == colleague.user_id
    assert Message.objects.count() == 1


def test_account_without_phone_and_password_gets_a_link(boss: InstitutionMember) -> None:
    """Somebody whose first link ran out has neither."""
    user = StaffUserFactory()
    user.set_unusable_password()
    user.save()

    assert reset(colleague_of(boss, user), boss.user) != ""
