from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.consents import children_to_ask_again
from cms.accounts.family.queries.families import ChildNotFound
from cms.accounts.family.services import children as service
from cms.accounts.family.services import consents, own_data
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.family.services.families import GuardianOnly
from cms.accounts.models import Child, ChildAccess, Consent, FamilyMember, PickupPerson, User
from tests.factories.accounts import FamilyMemberFactory, PickupPersonFactory, UserFactory, parent_with_child
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
    with pytest.raises(service.StillNeeded):
        service.change_child(user=guardian, child=child.public_id, details=moved, now=BOOKING_NOW)


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


def test_account_of_the_last_guardian_takes_everything_along(version: str) -> None:
    user = UserFactory()
    service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)
    PickupPersonFactory(family=user.family_member.family)

    own_data.erase_account(user=user, now=NOW)

    assert not User.objects.exists()
    assert not Child.objects.exists()
    assert not PickupPerson.objects.exists()


def test_account_of_one_of_two_guardians_leaves_the_children(version: str) -> None:
    user, child = parent_with_child()
    other = FamilyMemberFactory(family=child.family)

    own_data.erase_account(user=user, now=NOW)

    assert list(child.family.members.all()) == [other]
    assert Child.objects.filter(pk=child.pk).exists()


def test_account_with_a_coming_booking_cannot_be_closed() -> None:
    house = open_house()
    guardian, child = toddler()
    booked(house, user=guardian, child=child)

    with pytest.raises(service.StillNeeded):
        own_data.erase_account(user=guardian, now=BOOKING_NOW)

    assert own_data.find_holds_on_account(user=guardian, now=BOOKING_NOW) != []


def test_account_with_past_bookings_can_be_closed() -> None:
    house = open_house()
    guardian, child = toddler()
    booking = booked(house, user=guardian, child=child)

    own_data.erase_account(user=guardian, now=BOOKING_NOW + dt.timedelta(days=30))

    booking.refresh_from_db()
    assert (booking.created_by, booking.child.nickname) == (None, service.ERASED_NICKNAME)
    assert not booking.family.members.exists()


def test_export_holds_what_is_kept(version: str) -> None:
    user = UserFactory()
    service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)
    PickupPersonFactory(family=user.family_member.family, name="王秀英")

    data = own_data.export_own_data(user=user, now=NOW)

    assert data["family"]["account"]["phone"] == user.phone
    assert data["family"]["children"][0]["allergies"] == "花生"
    assert data["family"]["pickup_persons"][0]["name"] == "王秀英"
    assert data["family"]["consents"] == [{"version": version, "decision": "given", "at": "2026-11-23T10:00:00+08:00"}]
    assert data["bookings"] == []


def test_publish_consent_texts_is_idempotent(version: str) -> None:
    again = consents.publish_consent_texts(NOW + dt.timedelta(days=1))

    assert (again.version, again.published_at) == (version, NOW)
    assert len(again.text_hash) == 64


def test_changed_text_asks_again_and_is_answered_once(version: str) -> None:
    user = UserFactory()
    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)
    later = NOW + dt.timedelta(days=1)
    text = consents.publish_text(kind="child-data", version="2027-01", title="t", text="x", now=later)
    assert children_to_ask_again(child.family, text) == [child]

    consents.renew_consent(user=user, version="2027-01", now=later)

    assert children_to_ask_again(child.family, text) == []
    assert consents.renew_consent(user=user, version="2027-01", now=later) == []


def test_refusal_of_a_text_no_longer_in_force_is_refused(version: str) -> None:
    with pytest.raises(consents.TextChanged):
        consents.refuse_consent(user=UserFactory(), version="2019-01", now=NOW)


def test_refusal_is_written_down(version: str) -> None:
    user = UserFactory()

    consents.refuse_consent(user=user, version=version, now=NOW)

    assert Consent.objects.get().decision == Consent.Decision.REFUSED


def test_same_look_within_an_hour_is_one_line() -> None:
    _guardian, child = parent_with_child()
    actor = UserFactory()

    def look(minutes: int, purpose: str = "today") -> int:
        at = NOW + dt.timedelta(minutes=minutes)
        return log_child_access(children=[child], actor=actor, place="示例园", purpose=purpose, now=at)

    assert [look(0), look(30), look(61), look(62, "phone"), look(63, "phone")] == [1, 0, 1, 1, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_log_takes_the_same_statements_for_any_number(count: int, django_assert_num_queries) -> None:
    children = [parent_with_child()[1] for _number in range(count)]
    actor = UserFactory()

    with django_assert_num_queries(2):
        log_child_access(children=children, actor=actor, place="示例园", purpose="today", now=NOW)


def test_birth_date_can_be_corrected_while_nothing_is_booked() -> None:
    user, child = parent_with_child()

    service.change_child(user=user, child=child.public_id, details=DOUDOU, now=NOW)

    child.refresh_from_db()
    assert child.birth_date == DOUDOU.birth_date


def test_carer_closing_the_account_leaves_the_family_whole() -> None:
    user, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=FamilyMember.Role.CARER).user

    own_data.erase_account(user=carer, now=NOW)

    assert [member.user for member in child.family.members.all()] == [user]
