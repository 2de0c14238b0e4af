"""Children: entered with a consent, corrected, erased."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.families import ChildNotFound
from cms.accounts.family.services import children as service
from cms.accounts.family.services import consents
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.family.services.families import GuardianOnly
from cms.accounts.models import Child, ChildAccess, Consent, FamilyMember
from tests.factories.accounts import (
    ChildFactory,
    FamilyMemberFactory,
    UserFactory,
    parent_with_child,
)
from tests.factories.booking import NOW as BOOKING_NOW
from tests.factories.booking import booked, open_house, toddler

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
DOUDOU = ChildDetails("豆豆", dt.date(2025, 6, 3), "girl", "花生", "抱着毯子睡")


@pytest.fixture(autouse=True)
def version() -> str:
    return consents.publish_consent_texts(NOW).version


def test_add_child_keeps_child_and_consent(version: str) -> None:
    user = UserFactory()

    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

    consent = Consent.objects.get()
    assert (child.nickname, child.birth_date, child.allergies) == ("豆豆", dt.date(2025, 6, 3), "花生")
    assert (consent.child, consent.user, consent.decision) == (child, user, Consent.Decision.GIVEN)


@pytest.mark.parametrize("given", ["", "2019-01"])
def test_add_child_without_the_version_in_force_is_refused(given: str) -> None:
    with pytest.raises(service.ConsentRequired):
        service.add_child(user=UserFactory(), details=DOUDOU, consent_version=given, now=NOW)

    assert not Child.objects.exists()


def test_carer_cannot_add_change_or_erase(version: str) -> None:
    _guardian, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=FamilyMember.Role.CARER).user

    with pytest.raises(GuardianOnly):
        service.add_child(user=carer, details=DOUDOU, consent_version=version, now=NOW)
    with pytest.raises(GuardianOnly):
        service.change_child(user=carer, child=child.public_id, details=DOUDOU, now=NOW)
    with pytest.raises(GuardianOnly):
        service.erase_child(user=carer, child=child.public_id, now=NOW)
    with pytest.raises(GuardianOnly):
        consents.refuse_consent(user=carer, version=version, now=NOW)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (ChildDetails(" ", dt.date(2025, 6, 3)), "nickname"),
        (ChildDetails("\u200b\u2060\u202e", dt.date(2025, 6, 3)), "nickname"),
        (ChildDetails("豆" * 21, dt.date(2025, 6, 3)), "nickname"),
        (ChildDetails("豆豆", dt.date(2026, 11, 24)), "birth_date"),
        (ChildDetails("豆豆", dt.date(2015, 6, 3)), "birth_date"),
        (ChildDetails("豆豆", dt.date(2025, 6, 3), "other"), "sex"),
        (ChildDetails("豆豆", dt.date(2025, 6, 3), "", "过" * 301), "allergies"),
    ],
)
def test_add_child_names_the_field_that_is_wrong(details: ChildDetails, field: str, version: str) -> None:
    with pytest.raises(service.ChildInvalid) as refused:
        service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW)

    assert list(refused.value.fields) == [field]


def test_family_enters_at_most_eight_children(version: str) -> None:
    user = UserFactory()
    for _number in range(service.MAX_CHILDREN):
        service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

    with pytest.raises(service.TooManyChildren):
        service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)


def test_stranger_finds_no_child() -> None:
    _guardian, child = parent_with_child()

    with pytest.raises(ChildNotFound):
        service.change_child(user=UserFactory(), child=child.public_id, details=DOUDOU, now=NOW)
    with pytest.raises(ChildNotFound):
        service.erase_child(user=UserFactory(), child=child.public_id, now=NOW)


def test_erase_child_removes_record_and_log() -> None:
    guardian, child = parent_with_child()
    log_child_access(children=child, actor=guardian, place="示例园", purpose="today", now=NOW)

    service.erase_child(user=guardian, child=child.public_id, now=NOW)

    assert not Child.objects.exists()
    assert not ChildAccess.objects.exists()


def test_withdrawal_is_written_down_and_erases(version: str) -> None:
    user = UserFactory()
    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

    service.erase_child(user=user, child=child.public_id, withdraw=True, now=NOW)

    decisions = list(Consent.objects.order_by("pk").values_list("decision", "child"))
    assert decisions == [("given", None), ("withdrawn", None)]


def test_child_with_a_coming_booking_stays_until_it_is_cancelled() -> None:
    house = open_house()
    guardian, child = toddler()
    booked(house, user=guardian, child=child)

    with pytest.raises(service.StillNeeded) as refused:
        service.erase_child(user=guardian, child=child.public_id, now=BOOKING_NOW)

    assert "请先取消" in str(refused.value)
    moved = ChildDetails(child.nickname, dt.date(2025, 5, 3))
    with pytest.raises(service.StillNeeded) as refused:
        service.change_child(user=guardian, child=child.public_id, details=moved, now=BOOKING_NOW)
    assert list(refused.value.fields) == ["birth_date"]
    assert [len(found.links) for found in refused.value.holds] == [1]


def test_child_with_past_bookings_is_emptied_and_belongs_to_nobody() -> None:
    house = open_house()
    guardian, child = toddler()
    booking = booked(house, user=guardian, child=child)

    service.erase_child(user=guardian, child=child.public_id, now=BOOKING_NOW + dt.timedelta(days=30))

    booking.refresh_from_db()
    assert booking.child.nickname == service.ERASED_NICKNAME
    assert (booking.child.birth_date, booking.child.allergies) == (service.ERASED_BIRTH_DATE, "")
    assert not booking.child.family.members.exists()
    assert not guardian.family_member.family.children.exists()


def test_birth_date_can_be_corrected_while_nothing_is_booked() -> None:
    user, child = parent_with_child()

    service.change_child(user=user, child=child.public_id, details=DOUDOU, now=NOW)

    child.refresh_from_db()
    assert child.birth_date == DOUDOU.birth_date


@pytest.mark.parametrize(
    ("birth_date", "ok"),
    [
        (dt.date(2026, 11, 23), True),  # born today
        (dt.date(2026, 11, 24), False),
        (dt.date(2019, 11, 24), True),  # seven years tomorrow
        (dt.date(2019, 11, 23), False),  # seven years today
    ],
)
def test_age_of_an_entered_child_has_two_edges(birth_date: dt.date, ok: bool, version: str) -> None:
    details = ChildDetails("豆豆", birth_date)

    if ok:
        assert service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW).pk
    else:
        with pytest.raises(service.ChildInvalid) as refused:
            service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW)
        assert list(refused.value.fields) == ["birth_date"]


def test_longest_fields_are_taken_and_stripped(version: str) -> None:
    details = ChildDetails(" " + "豆" * 20, dt.date(2025, 6, 3), "boy", "过" * 299 + " ", "抱" * 300)

    child = service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW)

    kept = Child.objects.get()
    assert (kept.nickname, kept.sex, kept.allergies, kept.care_notes) == ("豆" * 20, "boy", "过" * 299, "抱" * 300)
    assert child.created_at == NOW


def test_marks_nobody_sees_are_not_kept(version: str) -> None:
    details = ChildDetails("\u202e豆\u200b豆\u202c", dt.date(2025, 6, 3), "", "花\u2066生", "一\n二\u200e")

    child = service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW)

    assert (child.nickname, child.allergies, child.care_notes) == ("豆豆", "花生", "一\n二")


@pytest.mark.parametrize("field", ["allergies", "care_notes"])
def test_each_long_note_is_named(field: str, version: str) -> None:
    details = ChildDetails("豆豆", dt.date(2025, 6, 3), **{field: "过" * 301})

    with pytest.raises(service.ChildInvalid) as refused:
        service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW)

    assert list(refused.value.fields) == [field]


def test_all_faults_are_named_at_once(version: str) -> None:
    details = ChildDetails("", dt.date(2027, 6, 3), "x", "过" * 301, "过" * 301)

    with pytest.raises(service.ChildInvalid) as refused:
        service.add_child(user=UserFactory(), details=details, consent_version=version, now=NOW)

    assert list(refused.value.fields) == ["nickname", "birth_date", "sex", "allergies", "care_notes"]


def test_change_is_checked_like_a_new_entry_and_changes_nothing() -> None:
    user, child = parent_with_child(nickname="豆豆")

    with pytest.raises(service.ChildInvalid):
        service.change_child(user=user, child=child.public_id, details=ChildDetails("", child.birth_date), now=NOW)

    assert Child.objects.get().nickname == "豆豆"


def test_everything_but_the_birth_date_can_be_corrected_while_something_is_booked() -> None:
    house = open_house()
    guardian, child = toddler()
    booked(house, user=guardian, child=child)
    details = ChildDetails("豆包", child.birth_date, "boy", "牛奶", "慢慢来")

    service.change_child(user=guardian, child=child.public_id, details=details, now=BOOKING_NOW)

    child.refresh_from_db()
    assert (child.nickname, child.sex, child.allergies, child.care_notes) == ("豆包", "boy", "牛奶", "慢慢来")


def test_birth_date_of_the_second_child_can_be_corrected_while_the_first_is_booked() -> None:
    house = open_house()
    guardian, child = toddler()
    booked(house, user=guardian, child=child)
    second = ChildFactory(family=child.family, birth_date=dt.date(2025, 6, 3))
    details = ChildDetails(second.nickname, dt.date(2025, 6, 4))

    service.change_child(user=guardian, child=second.public_id, details=details, now=BOOKING_NOW)

    second.refresh_from_db()
    assert second.birth_date == dt.date(2025, 6, 4)


def test_erasing_the_second_child_leaves_the_first() -> None:
    guardian, first = parent_with_child()
    second = ChildFactory(family=first.family)
    log_child_access(children=[first, second], actor=guardian, place="示例园", purpose="today", now=NOW)

    service.erase_child(user=guardian, child=second.public_id, now=NOW)

    assert list(Child.objects.all()) == [first]
    assert [row.child for row in ChildAccess.objects.all()] == [first]


def test_erasing_on_request_writes_no_withdrawal(version: str) -> None:
    user = UserFactory()
    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

    service.erase_child(user=user, child=child.public_id, now=NOW)

    assert list(Consent.objects.values_list("decision", flat=True)) == ["given"]


def test_withdrawal_names_the_text_that_was_agreed_to(version: str) -> None:
    user = UserFactory()
    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)
    later = NOW + dt.timedelta(days=1)
    consents.publish_text(kind="child-data", version="2027-01", title="t", text="x", now=later)

    service.erase_child(user=user, child=child.public_id, withdraw=True, now=later)

    withdrawn = Consent.objects.get(decision=Consent.Decision.WITHDRAWN)
    assert (withdrawn.text.version, withdrawn.user, withdrawn.decided_at) == (version, user, later)


def test_withdrawal_without_an_old_yes_names_the_text_in_force(version: str) -> None:
    user, child = parent_with_child()

    service.erase_child(user=user, child=child.public_id, withdraw=True, now=NOW)

    assert Consent.objects.get().text.version == version


def test_emptied_record_keeps_no_look_and_no_consent() -> None:
    house = open_house()
    guardian, child = toddler(allergies="花生", care_notes="x", sex="girl")
    booked(house, user=guardian, child=child)
    later = BOOKING_NOW + dt.timedelta(days=30)
    log_child_access(children=child, actor=guardian, place="示例园", purpose="today", now=later)

    service.erase_child(user=guardian, child=child.public_id, withdraw=True, now=later)

    row = Child.objects.get(pk=child.pk)
    assert (row.nickname, row.sex, row.allergies, row.care_notes) == ("已删除", "", "", "")
    assert not ChildAccess.objects.exists()
    assert not Consent.objects.filter(child__isnull=False).exists()
    assert row.family.created_at == later


def test_seventh_and_eighth_child_are_entered(version: str) -> None:
    user, child = parent_with_child()
    ChildFactory.create_batch(6, family=child.family)

    service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)

    assert child.family.children.count() == service.MAX_CHILDREN == 8
