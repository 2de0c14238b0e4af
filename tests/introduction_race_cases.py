"""An introduction that two people decide on at once; for tests/integration (SQLite) and tests/services (PostgreSQL)."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.models import Message
from directory.register.models import Institution, InstitutionProfile, IntroductionReturn
from directory.register.services.profiles import (
    HandedInAgain,
    NothingHandedIn,
    return_introduction,
    save_profile_draft,
    withdraw_introduction,
)
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionMemberFactory, InstitutionProfileFactory
from tests.races import InFlight

NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def handed_in() -> tuple[Institution, int]:
    """An institution with a manager whose draft waits, and the draft's revision."""
    institution = InstitutionProfileFactory().institution
    manager = InstitutionMemberFactory(institution=institution, user=StaffUserFactory()).user
    return institution, save_profile_draft(institution=institution, introduction="一稿", actor=manager).pk


def send_back(institution: Institution, revision: int) -> None:
    return_introduction(institution=institution, revision_id=revision, reason="太短", now=NOW)


class IntroductionRaceCases:
    """Every case runs on both databases."""

    def test_two_who_send_the_same_draft_back_write_once(self):
        institution, revision = handed_in()

        with InFlight(lambda: send_back(institution, revision)), pytest.raises(NothingHandedIn):
            send_back(institution, revision)

        assert (IntroductionReturn.objects.count(), Message.objects.count()) == (1, 1)

    def test_a_draft_that_is_being_published_is_not_sent_back(self):
        institution, revision = handed_in()

        with (
            InFlight(lambda: InstitutionProfile.objects.get().latest_revision.publish()),
            pytest.raises(NothingHandedIn),
        ):
            send_back(institution, revision)

        assert (IntroductionReturn.objects.count(), InstitutionProfile.objects.get().introduction) == (0, "一稿")

    def test_a_draft_that_is_handed_in_again_meanwhile_is_read_first(self):
        institution, revision = handed_in()
        manager = institution.members.get().user

        with (
            InFlight(lambda: save_profile_draft(institution=institution, introduction="二稿", actor=manager)),
            pytest.raises(HandedInAgain),
        ):
            send_back(institution, revision)

        assert IntroductionReturn.objects.count() == 0

    def test_a_draft_that_is_withdrawn_meanwhile_is_not_sent_back(self):
        institution, revision = handed_in()
        manager = institution.members.get().user

        with (
            InFlight(lambda: withdraw_introduction(institution=institution, actor=manager)),
            pytest.raises(NothingHandedIn),
        ):
            send_back(institution, revision)

        assert Message.objects.count() == 0
