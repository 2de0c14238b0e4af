"""Who works for an institution, changed at once; for tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest
from wagtail.models import ModelLogEntry

from cms.accounts.signin.services.resets import ResetMeanwhile
from directory.register.models import InstitutionMember
from directory.register.services import invites, members, resets
from directory.register.services.institutions import end_institution
from tests.factories.accounts import StaffUserFactory, UserFactory
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory
from tests.races import InFlight

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


class MemberRaceCases:
    """Every case runs on both databases."""

    def test_managers_who_end_each_other_at_once_leave_one(self):
        institution = InstitutionFactory()
        first, second = (
            InstitutionMemberFactory(institution=institution, user=StaffUserFactory()) for _number in range(2)
        )

        with (
            InFlight(lambda: members.end_membership(member=second, actor=first.user, now=NOW)),
            pytest.raises(members.ManagerOnly),
        ):
            members.end_membership(member=first, actor=second.user, now=NOW)

        assert list(InstitutionMember.objects.filter(ended_at__isnull=True)) == [first]

    def test_who_joins_while_the_institution_ends_does_not_work_there(self):
        institution = InstitutionFactory(public=True)
        boss = InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user
        _invite, token = invites.invite_caregiver(institution=institution, actor=boss, now=NOW)

        def end() -> None:
            end_institution(institution=institution, ended_date=NOW.date(), reason="停办", now=NOW)

        with InFlight(end), pytest.raises(invites.InviteGone):
            invites.accept_invite(token=token, user=UserFactory(), now=NOW)

        assert not InstitutionMember.objects.filter(ended_at__isnull=True).exists()

    def test_two_links_used_at_once_make_one_member(self):
        institution = InstitutionFactory(public=True)
        boss = InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user
        links = [invites.invite_caregiver(institution=institution, actor=boss, now=NOW)[1] for _number in range(2)]
        user = UserFactory()

        with (
            InFlight(lambda: invites.accept_invite(token=links[0], user=user, now=NOW)),
            pytest.raises(invites.AlreadyMember),
        ):
            invites.accept_invite(token=links[1], user=user, now=NOW)

        assert (user.institution_memberships.count(), institution.invites.filter(used_at__isnull=True).count()) == (
            1,
            1,
        )

    def test_link_taken_back_while_somebody_joins_lets_nobody_in(self):
        institution = InstitutionFactory(public=True)
        boss = InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user
        invite, token = invites.invite_caregiver(institution=institution, name="王芳", actor=boss, now=NOW)

        with (
            InFlight(lambda: invites.take_back(invite=invite, actor=boss, now=NOW)),
            pytest.raises(invites.InviteTakenBack),
        ):
            invites.accept_invite(token=token, user=UserFactory(), now=NOW)

        assert institution.members.count() == 1

    def test_who_joins_while_the_link_is_taken_back_works_there(self):
        institution = InstitutionFactory(public=True)
        boss = InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user
        invite, token = invites.invite_caregiver(institution=institution, name="王芳", actor=boss, now=NOW)
        user = UserFactory()

        with (
            InFlight(lambda: invites.accept_invite(token=token, user=user, now=NOW)),
            pytest.raises(invites.InviteUsed),
        ):
            invites.take_back(invite=invite, actor=boss, now=NOW)

        assert institution.members.get(user=user).name == "王芳"

    def test_two_managers_who_invite_the_same_person_at_once_make_one_link(self):
        institution = InstitutionFactory(public=True)
        first, second = (
            InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user for _number in range(2)
        )
        known = {"institution": institution, "name": "王芳", "now": NOW}

        with (
            InFlight(lambda: invites.invite_caregiver(**known, actor=first)),
            pytest.raises(invites.AlreadyInvited),
        ):
            invites.invite_caregiver(**known, actor=second)

        assert [row.created_by for row in institution.invites.all()] == [first]

    def test_two_managers_who_take_a_link_back_at_once_write_one_line_of_history(self):
        institution = InstitutionFactory(public=True)
        first, second = (
            InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user for _number in range(2)
        )
        invite, _token = invites.invite_caregiver(institution=institution, actor=first, now=NOW)

        with InFlight(lambda: invites.take_back(invite=invite, actor=first, now=NOW)):
            invites.take_back(invite=invite, actor=second, now=NOW + dt.timedelta(minutes=1))

        invite.refresh_from_db()
        lines = ModelLogEntry.objects.filter(action="directory.invite_back")
        assert (invite.taken_back_at, [line.user for line in lines]) == (NOW, [first])

    def test_two_managers_who_reset_a_colleague_at_once_make_one_link(self):
        institution = InstitutionFactory(public=True)
        first, second, colleague = (
            InstitutionMemberFactory(institution=institution, user=StaffUserFactory()) for _number in range(3)
        )
        known = {"member": colleague, "seen": 0, "keeps_factor": True, "now": NOW}

        with (
            InFlight(lambda: resets.reset_member(**known, actor=first.user)),
            pytest.raises(ResetMeanwhile),
        ):
            resets.reset_member(**known, actor=second.user)

        lines = ModelLogEntry.objects.filter(action="directory.reset_password")
        assert [line.user for line in lines] == [first.user]

    def test_managers_who_reset_each_other_at_once_are_both_reset_once(self):
        """Whoever comes second had the right to when asking; the lock of the institution puts them in a line."""
        institution = InstitutionFactory(public=True)
        first, second = (
            InstitutionMemberFactory(institution=institution, user=StaffUserFactory()) for _number in range(2)
        )
        known = {"seen": 0, "keeps_factor": True, "now": NOW}

        with InFlight(lambda: resets.reset_member(member=second, **known, actor=first.user)):
            resets.reset_member(member=first, **known, actor=second.user)

        assert ModelLogEntry.objects.filter(action="directory.reset_password").count() == 2
