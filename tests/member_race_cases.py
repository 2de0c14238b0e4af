"""Who works for an institution, changed at once; for tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest

from directory.register.models import InstitutionMember
from directory.register.services import members
from tests.factories.accounts import StaffUserFactory
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
