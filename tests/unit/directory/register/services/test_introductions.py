"""An introduction that was handed in is sent back with words, handed in again, withdrawn, or published meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cms.accounts.models import Message, User
from cms.core.errors import InvalidInput
from directory.register.models import Institution, InstitutionProfile, IntroductionReturn
from directory.register.queries.profiles import handed_in, returned_to, waiting_draft
from directory.register.services.profiles import (
    DraftOfDistrict,
    HandedInAgain,
    NothingHandedIn,
    PublicationPlanned,
    return_introduction,
    save_profile_draft,
    withdraw_introduction,
)
from directory.register.services.standing import ReasonMissing
from tests.constraints import refuses
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionMemberFactory, InstitutionProfileFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def manager() -> User:
    profile = InstitutionProfileFactory(introduction="旧")
    return InstitutionMemberFactory(institution=profile.institution, user=StaffUserFactory(username="boss")).user


@pytest.fixture
def garden(manager: User) -> Institution:
    return Institution.objects.get(members__user=manager)


def hand_in(garden: Institution, manager: User, text: str = "新") -> int:
    return save_profile_draft(institution=garden, introduction=text, actor=manager).pk


def send_back(garden: Institution, revision: int, reason: str = "请加一日安排", **values: Any) -> IntroductionReturn:
    return return_introduction(institution=garden, revision_id=revision, reason=reason, now=NOW, **values)


def state(garden: Institution) -> tuple[bool, str]:
    """Whether a draft waits for the district, and what the district said of it."""
    returned = returned_to(garden.pk)
    return waiting_draft(garden) is not None, returned.reason if returned else ""


def test_words_reach_the_managers_and_the_draft_stays(garden: Institution, manager: User) -> None:
    actor = StaffUserFactory()
    gone = InstitutionMemberFactory(institution=garden, user=StaffUserFactory(), ended_at=NOW)
    InstitutionMemberFactory(institution=garden, user=StaffUserFactory(), role="caregiver")
    revision = hand_in(garden, manager)

    made = send_back(garden, revision, " 请加\n一日安排 ", actor=actor)

    assert (made.reason, made.created_at, made.created_by, made.revision_id) == ("请加\n一日安排", NOW, actor, revision)
    assert state(garden) == (False, "请加\n一日安排")
    [message] = Message.objects.all()
    assert (message.user, message.kind, message.body) == (manager, "introduction_returned", "请加\n一日安排")
    assert message.link == "/workbench/settings/profile/"
    assert gone.user.messages.count() == 0
    profile = InstitutionProfile.objects.get()
    assert (profile.introduction, profile.get_latest_revision_as_object().introduction) == ("旧", "新")
    entries = ModelLogEntry.objects.filter(action__in=("directory.hand_in", "directory.send_back")).order_by("pk")
    assert [(entry.action, entry.user, entry.data) for entry in entries] == [
        ("directory.hand_in", manager, {}),
        ("directory.send_back", actor, {"reason": "请加\n一日安排"}),
    ]


def test_handed_in_twice_and_sent_back_twice(garden: Institution, manager: User) -> None:
    assert state(garden) == (False, "")
    first = hand_in(garden, manager, "一稿")
    assert state(garden) == (True, "")
    send_back(garden, first, "太短")
    second = hand_in(garden, manager, "二稿")
    assert state(garden) == (True, "")
    send_back(garden, second, "还是短")

    assert state(garden) == (False, "还是短")
    assert [row.reason for row in IntroductionReturn.objects.order_by("pk")] == ["太短", "还是短"]
    assert Message.objects.count() == 2


def test_the_same_draft_is_sent_back_once(garden: Institution, manager: User) -> None:
    revision = hand_in(garden, manager)
    send_back(garden, revision)

    with pytest.raises(NothingHandedIn):
        send_back(garden, revision, "再说一次")

    assert (IntroductionReturn.objects.count(), Message.objects.count()) == (1, 1)


def test_a_draft_that_was_not_read_is_not_sent_back(garden: Institution, manager: User) -> None:
    read = hand_in(garden, manager, "一稿")
    hand_in(garden, manager, "二稿")

    with pytest.raises(HandedInAgain):
        send_back(garden, read)

    assert state(garden) == (True, "")


def test_what_was_published_meanwhile_is_not_sent_back(garden: Institution, manager: User) -> None:
    revision = hand_in(garden, manager)
    InstitutionProfile.objects.get().latest_revision.publish()

    with pytest.raises(NothingHandedIn):
        send_back(garden, revision)

    assert (state(garden), Message.objects.count()) == ((False, ""), 0)


def test_words_are_over_once_the_draft_is_published_after_all(garden: Institution, manager: User) -> None:
    send_back(garden, hand_in(garden, manager))

    InstitutionProfile.objects.get().latest_revision.publish()

    assert state(garden) == (False, "")
    assert InstitutionProfile.objects.get().introduction == "新"


def test_nothing_is_sent_back_where_nothing_was_handed_in(garden: Institution) -> None:
    with pytest.raises(NothingHandedIn):
        send_back(garden, 1)


def test_what_is_planned_to_be_published_stays(garden: Institution, manager: User) -> None:
    revision = hand_in(garden, manager)
    InstitutionProfile.objects.get().revisions.update(approved_go_live_at=timezone.now() + dt.timedelta(days=1))

    with pytest.raises(PublicationPlanned):
        send_back(garden, revision)
    with pytest.raises(PublicationPlanned):
        withdraw_introduction(institution=garden, actor=manager)

    assert state(garden) == (True, "")


@pytest.mark.parametrize("reason", ["", " \n", "\u200b"])
def test_words_are_needed(garden: Institution, manager: User, reason: str) -> None:
    revision = hand_in(garden, manager)

    with pytest.raises(ReasonMissing) as caught:
        send_back(garden, revision, reason)

    assert (list(caught.value.fields), state(garden)) == (["reason"], (True, ""))


def test_words_have_a_measure(garden: Institution, manager: User) -> None:
    revision = hand_in(garden, manager)

    with pytest.raises(InvalidInput) as caught:
        send_back(garden, revision, "长" * 301)
    send_back(garden, revision, "长" * 300)

    assert caught.value.fields == {"reason": "最多 300 个字，现在有 301 个。"}
    assert state(garden) == (False, "长" * 300)


def test_a_draft_is_withdrawn_and_the_next_one_begins_from_what_parents_see(garden: Institution, manager: User) -> None:
    hand_in(garden, manager, "一稿")

    withdraw_introduction(institution=garden, actor=manager)

    profile = InstitutionProfile.objects.get()
    assert (state(garden), profile.has_unpublished_changes, profile.latest_revision) == ((False, ""), False, None)
    assert [entry.user for entry in ModelLogEntry.objects.filter(action="directory.withdraw")] == [manager]
    with pytest.raises(NothingHandedIn):
        withdraw_introduction(institution=garden, actor=manager)
    hand_in(garden, manager, "二稿")
    assert state(garden) == (True, "")


def test_a_returned_draft_is_withdrawn_to_what_was_published(garden: Institution, manager: User) -> None:
    hand_in(garden, manager, "一稿")
    InstitutionProfile.objects.get().latest_revision.publish()
    send_back(garden, hand_in(garden, manager, "二稿"))

    withdraw_introduction(institution=garden, actor=manager)

    profile = InstitutionProfile.objects.get()
    assert (profile.get_latest_revision_as_object().introduction, state(garden)) == ("一稿", (False, ""))


def test_what_the_district_wrote_is_not_withdrawn(garden: Institution, manager: User) -> None:
    profile = InstitutionProfile.objects.get()
    profile.save_revision(user=StaffUserFactory())
    hand_in(garden, manager)

    with pytest.raises(DraftOfDistrict):
        withdraw_introduction(institution=garden, actor=manager)

    assert state(garden) == (True, "")


def test_what_the_district_published_before_does_not_count(garden: Institution, manager: User) -> None:
    InstitutionProfile.objects.get().save_revision(user=StaffUserFactory()).publish()
    hand_in(garden, manager)

    withdraw_introduction(institution=garden, actor=manager)

    assert state(garden) == (False, "")


def test_others_are_left_alone(garden: Institution, manager: User) -> None:
    other = InstitutionProfileFactory()
    save_profile_draft(institution=other.institution, introduction="别家", actor=StaffUserFactory())
    send_back(garden, hand_in(garden, manager))

    assert [profile.pk for profile in handed_in()] == [other.pk]
    assert returned_to(other.institution_id) is None


@pytest.mark.parametrize(
    ("values", "name"), [({}, "introduction_return_once"), ({"reason": ""}, "introduction_return_has_reason")]
)
def test_the_database_holds_the_rules(garden: Institution, manager: User, values: dict[str, Any], name: str) -> None:
    made = send_back(garden, hand_in(garden, manager))
    row = {"profile": made.profile, "revision": made.revision, "reason": "又", "created_at": NOW} | values
    if values:
        made.delete()

    refuses(name, lambda: IntroductionReturn.objects.create(**row))
