"""Who works for an institution, changed at once; for tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.register.models import InstitutionMember
from directory.register.services import invites, members
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
