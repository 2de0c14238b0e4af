"""One-time links: who gets one, what it makes, and when it is of no use any more."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.errors import InvalidInput, NotAllowed
from directory.register.models import InstitutionMember, StaffInvite
from directory.register.services import invites
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
PASSWORD = "quiet-garden-7"


def manager_of(institution: object) -> InstitutionMember:
    return InstitutionMemberFactory(institution=institution, user=StaffUserFactory())


def test_invite_is_kept_as_a_hash() -> None:
    invite, token = invites.invite_manager(institution=InstitutionFactory(), actor=StaffUserFactory(), now=NOW)

    assert token not in (invite.token_hash, str(invite))
    assert invites.read_invite(token=token, now=NOW) == invite


def test_manager_makes_an_account_and_the_link_is_used_up() -> None:
    institution = InstitutionFactory()
    _invite, token = invites.invite_manager(institution=institution, actor=StaffUserFactory(), now=NOW)

    member = invites.create_manager(token=token, username="xiaoman-wang", password=PASSWORD, now=NOW)

    assert (member.institution, member.role, member.user.username) == (institution, "manager", "xiaoman-wang")
    assert member.user.check_password(PASSWORD)
    with pytest.raises(invites.InviteGone):
        invites.create_manager(token=token, username="another", password=PASSWORD, now=NOW)


@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("taken", PASSWORD, "username"),
        ("TAKEN", PASSWORD, "username"),
        (" ｔａｋｅｎ ", PASSWORD, "username"),
        ("a b", PASSWORD, "username"),
        ("fresh", "12345678901", "password"),
        ("fresh", "short", "password"),
    ],
)
def test_unfit_accounts_name_their_field(username: str, password: str, field: str) -> None:
    StaffUserFactory(username="taken")
    _invite, token = invites.invite_manager(institution=InstitutionFactory(), actor=StaffUserFactory(), now=NOW)

    with pytest.raises(InvalidInput) as caught:
        invites.create_manager(token=token, username=username, password=password, now=NOW)

    assert list(caught.value.fields) == [field]
    assert StaffInvite.objects.filter(used_at__isnull=True).count() == 1


def test_link_runs_out_after_seven_days() -> None:
    _invite, token = invites.invite_manager(institution=InstitutionFactory(), actor=StaffUserFactory(), now=NOW)

    invites.read_invite(token=token, now=NOW + dt.timedelta(days=7, seconds=-1))
    with pytest.raises(invites.InviteGone):
        invites.read_invite(token=token, now=NOW + dt.timedelta(days=7))


def test_link_of_an_ended_institution_and_unknown_link_are_gone() -> None:
    _invite, token = invites.invite_manager(
        institution=InstitutionFactory(state="ended"), actor=StaffUserFactory(), now=NOW
    )

    for wrong in (token, "unknown"):
        with pytest.raises(invites.InviteGone):
            invites.read_invite(token=wrong, now=NOW)


def test_only_a_manager_invites_caregivers() -> None:
    institution = InstitutionFactory()
    caregiver = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), role="caregiver")

    for stranger in (StaffUserFactory(), caregiver.user, manager_of(InstitutionFactory()).user):
        with pytest.raises(NotAllowed):
            invites.invite_caregiver(institution=institution, actor=stranger, now=NOW)
    invite, _token = invites.invite_caregiver(institution=institution, actor=manager_of(institution).user, now=NOW)
    assert invite.role == "caregiver"


def test_caregivers_link_makes_no_password_account() -> None:
    institution = InstitutionFactory()
    _invite, token = invites.invite_caregiver(institution=institution, actor=manager_of(institution).user, now=NOW)

    with pytest.raises(NotAllowed):
        invites.create_manager(token=token, username="fresh", password=PASSWORD, now=NOW)


def test_nobody_joins_twice() -> None:
    institution = InstitutionFactory()
    boss = manager_of(institution)
    _invite, token = invites.invite_manager(institution=institution, actor=boss.user, now=NOW)

    with pytest.raises(invites.AlreadyMember):
        invites.accept_invite(token=token, user=boss.user, now=NOW)


def test_who_left_may_be_invited_back_and_a_member_elsewhere_invited_here() -> None:
    institution = InstitutionFactory()
    boss, elsewhere = manager_of(institution), manager_of(InstitutionFactory())
    former = InstitutionMemberFactory(institution=institution, user=StaffUserFactory(), ended_at=NOW)

    for user in (former.user, elsewhere.user):
        _invite, token = invites.invite_manager(institution=institution, actor=boss.user, now=NOW)
        invites.accept_invite(token=token, user=user, now=NOW)

    at_work = InstitutionMember.objects.filter(institution=institution, ended_at__isnull=True)
    assert set(at_work.values_list("user", flat=True)) == {boss.user.pk, former.user.pk, elsewhere.user.pk}


def test_new_managers_get_the_one_form_of_their_name() -> None:
    _invite, token = invites.invite_manager(institution=InstitutionFactory(), actor=StaffUserFactory(), now=NOW)

    member = invites.create_manager(token=token, username=" Xiaoman-Wang ", password=PASSWORD, now=NOW)

    assert member.user.username == "xiaoman-wang"
