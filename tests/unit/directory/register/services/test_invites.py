"""One-time links: who gets one, what it makes, and when it is of no use any more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from cms.accounts.models import User
from cms.core.errors import InvalidInput, NotAllowed
from directory.register.models import InstitutionMember, StaffInvite
from directory.register.services import invites
from directory.register.services.members import ManagerOnly
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
PASSWORD = "quiet-garden-7"


def manager_of(institution: object) -> InstitutionMember:
    return InstitutionMemberFactory(institution=institution, user=StaffUserFactory())


def caregiver_invite(**values: Any) -> tuple[StaffInvite, str, User]:
    """An invitation, its token, and the manager who made it."""
    boss = manager_of(InstitutionFactory()).user
    institution = boss.institution_memberships.get().institution
    return *invites.invite_caregiver(institution=institution, actor=boss, now=NOW, **values), boss


def stored() -> str:
    """The only row as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM directory_staffinvite")
        return str(cursor.fetchall())


def test_token_and_name_of_an_invite_are_no_plain_text() -> None:
    invite, token, _boss = caregiver_invite(name="王芳")

    for shown in (stored(), str(invite)):
        assert (token in shown, "王芳" in shown) == (False, False)
    assert invites.read_invite(token=token, now=NOW) == invite
    assert (StaffInvite.objects.get().token, StaffInvite.objects.get().name) == (token, "王芳")


def test_who_joins_gets_the_name_of_the_invite_which_forgets_it() -> None:
    invite, token, _boss = caregiver_invite(name=" 王\u200b芳 ")

    member = invites.accept_invite(token=token, user=UserFactory(), now=NOW)

    invite.refresh_from_db()
    assert (member.name, invite.name, invite.token) == ("王芳", "", "")


@pytest.mark.parametrize("letters", [60, 61])
def test_name_of_an_invite_has_a_length(letters: int) -> None:
    fits = letters == 60

    try:
        made = caregiver_invite(name="芳" * letters)[0].name
    except InvalidInput as refused:
        made = str(refused)

    assert made == ("芳" * 60 if fits else "姓名最多 60 个字，现在有 61 个")


def test_second_tap_makes_no_second_invite() -> None:
    invite, _token, boss = caregiver_invite(name="王芳")
    known = {"institution": invite.institution, "actor": boss}

    for typed in ("王芳", " 王芳\u200b"):
        with pytest.raises(invites.AlreadyInvited) as caught:
            invites.invite_caregiver(**known, name=typed, now=NOW + dt.timedelta(days=7, seconds=-1))
        assert list(caught.value.fields) == ["name"]
    assert list(invite.institution.invites.all()) == [invite]


def test_same_name_may_be_invited_again_later_elsewhere_or_for_another_role() -> None:
    invite, token, boss = caregiver_invite(name="王芳")
    known = {"institution": invite.institution, "actor": boss}

    other, _token, _boss = caregiver_invite(name="王芳")
    manager, _token = invites.invite_manager(**known, name="王芳", now=NOW)
    late, _token = invites.invite_caregiver(**known, name="王芳", now=NOW + dt.timedelta(days=7))
    invites.accept_invite(token=token, user=UserFactory(), now=NOW)
    for _number in range(2):
        invites.invite_caregiver(**known, now=NOW)

    assert [row.name for row in (other, manager, late)] == ["王芳"] * 3


def test_link_taken_back_says_so_and_lets_nobody_in() -> None:
    invite, token, boss = caregiver_invite(name="王芳")

    back = invites.take_back(invite=invite, actor=boss, now=NOW)

    assert (back.taken_back_at, back.name, back.token) == (NOW, "", "")
    for act in (
        lambda: invites.read_invite(token=token, now=NOW + dt.timedelta(days=8)),
        lambda: invites.accept_invite(token=token, user=UserFactory(), now=NOW),
    ):
        with pytest.raises(invites.InviteTakenBack):
            act()
    assert InstitutionMember.objects.count() == 1


def test_taken_back_twice_keeps_the_first_moment_and_one_line_of_history() -> None:
    invite, _token, boss = caregiver_invite()

    for moment in (NOW, NOW + dt.timedelta(hours=1)):
        invites.take_back(invite=invite, actor=boss, now=moment)

    invite.refresh_from_db()
    assert invite.taken_back_at == NOW
    actions = ModelLogEntry.objects.filter(action="directory.invite_back").values_list("user", "data")
    assert list(actions) == [(boss.pk, {"role": "caregiver"})]


def test_used_link_is_not_taken_back() -> None:
    invite, token, boss = caregiver_invite()
    invites.accept_invite(token=token, user=UserFactory(), now=NOW)

    with pytest.raises(invites.InviteUsed):
        invites.take_back(invite=invite, actor=boss, now=NOW)

    invite.refresh_from_db()
    assert invite.taken_back_at is None


def test_only_managers_of_the_same_institution_take_a_link_back() -> None:
    invite, token, _boss = caregiver_invite()
    caregiver = InstitutionMemberFactory(institution=invite.institution, user=StaffUserFactory(), role="caregiver")

    for actor in (StaffUserFactory(), caregiver.user, manager_of(InstitutionFactory()).user):
        with pytest.raises(ManagerOnly):
            invites.take_back(invite=invite, actor=actor, now=NOW)

    assert invites.read_invite(token=token, now=NOW) == invite


def test_link_of_a_manager_is_taken_back_by_the_district_alone() -> None:
    institution = InstitutionFactory()
    boss = manager_of(institution).user
    invite, token = invites.invite_manager(institution=institution, actor=StaffUserFactory(), now=NOW)

    with pytest.raises(NotAllowed):
        invites.take_back(invite=invite, actor=boss, now=NOW)
    assert invites.read_invite(token=token, now=NOW) == invite
    staff = StaffUserFactory()
    invites.take_back_by_district(invite=invite, actor=staff, now=NOW)

    with pytest.raises(invites.InviteTakenBack):
        invites.read_invite(token=token, now=NOW)
    assert ModelLogEntry.objects.get(action="directory.invite_back").user == staff


def test_nobody_is_invited_to_an_institution_that_has_ended() -> None:
    institution = InstitutionFactory()
    stale = type(institution).objects.get(pk=institution.pk)
    boss = manager_of(institution).user
    type(institution).objects.update(state="ended")

    for act in (invites.invite_manager, invites.invite_caregiver):
        with pytest.raises(invites.InviteGone) as caught:
            act(institution=stale, actor=boss, now=NOW)
        assert "机构已终止" in str(caught.value)
    assert not StaffInvite.objects.exists()


def test_unused_invites_are_forgotten_thirty_days_after_their_end() -> None:
    caregiver_invite()
    used, token, _boss = caregiver_invite()
    invites.accept_invite(token=token, user=UserFactory(), now=NOW)
    end = NOW + dt.timedelta(days=37)

    assert invites.forget_old_invites(now=end - dt.timedelta(seconds=1)) == 0
    assert invites.forget_old_invites(now=end) == 1

    assert list(StaffInvite.objects.all()) == [used]


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
    invite, token = invites.invite_manager(institution=InstitutionFactory(), actor=StaffUserFactory(), now=NOW)
    type(invite.institution).objects.update(state="ended")

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
