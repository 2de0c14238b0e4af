"""What a person who works or worked at an institution is told of it, and what remains when the account goes."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import own_data
from cms.accounts.models import User
from cms.core.runtime.kernel_ports import DataLine, DataSection
from directory.register.models import InstitutionMember, StaffInvite
from directory.register.services.invites import accept_invite, invite_caregiver
from directory.register.services.members import end_membership
from tests.factories.accounts import FamilyMemberFactory, StaffUserFactory
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 27, 3, 30, tzinfo=dt.UTC)


@pytest.fixture
def former() -> User:
    """A parent who was a caregiver for a day, and came by an invitation."""
    boss = InstitutionMemberFactory(institution=InstitutionFactory(name="示例园"), user=StaffUserFactory()).user
    house = boss.institution_memberships.get().institution
    user = FamilyMemberFactory().user
    _invite, token = invite_caregiver(institution=house, name="王芳", actor=boss, now=NOW)
    end_membership(member=accept_invite(token=token, user=user, now=NOW), actor=boss, now=LATER)
    return user


def test_export_tells_where_when_and_under_which_name(former: User) -> None:
    InstitutionMemberFactory(user=former, role="manager", created_at=LATER, institution__name="另一园")

    exported = own_data.export_own_data(user=former, now=LATER)["work"]

    assert exported == [
        {
            "institution": "另一园",
            "role": "manager",
            "name": "",
            "since": "2026-11-27T11:30:00+08:00",
            "until": None,
        },
        {
            "institution": "示例园",
            "role": "caregiver",
            "name": "王芳",
            "since": "2026-11-26T10:00:00+08:00",
            "until": "2026-11-27T11:30:00+08:00",
        },
    ]


def test_readable_page_says_the_same(former: User) -> None:
    facts = (
        ("身份", "保育人员"),
        ("姓名", "王芳"),
        ("加入", "2026年11月26日 10:00"),
        ("离开", "2026年11月27日 11:30"),
    )

    assert DataSection("工作过的机构", (DataLine("示例园", facts),)) in own_data.describe_own_data(user=former)


def test_who_never_worked_here_reads_nothing_of_it() -> None:
    user = FamilyMemberFactory().user

    assert own_data.export_own_data(user=user, now=NOW)["work"] == []
    assert "工作过的机构" not in [section.title for section in own_data.describe_own_data(user=user)]


def test_closed_account_leaves_no_name(former: User) -> None:
    own_data.erase_account(user=former, now=LATER)

    assert not InstitutionMember.objects.filter(role="caregiver").exists()
    assert list(StaffInvite.objects.values_list("name", "token", "used_by")) == [("", "", None)]
