"""Closing an account, and the export of what is stored."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import children as service
from cms.accounts.family.services import consents, own_data
from cms.accounts.family.services.access_log import log_child_access
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.models import Child, FamilyMember, PickupPerson, User
from cms.core.calendar.times import iso
from tests.factories.accounts import (
    ChildFactory,
    FamilyMemberFactory,
    MessageFactory,
    PickupPersonFactory,
    UserFactory,
    parent_with_child,
)
from tests.factories.booking import NOW as BOOKING_NOW
from tests.factories.booking import booked, open_house, toddler
from tests.factories.directory import InstitutionFactory, InstitutionMemberFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
DOUDOU = ChildDetails("豆豆", dt.date(2025, 6, 3), "girl", "花生", "抱着毯子睡")


@pytest.fixture(autouse=True)
def version() -> str:
    return consents.publish_consent_texts(NOW).version


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
    assert data["family"]["consents"] == [
        {"child": "豆豆", "version": version, "decision": "given", "at": "2026-11-23T10:00:00+08:00"}
    ]
    assert data["bookings"] == []


def test_carer_closing_the_account_leaves_the_family_whole() -> None:
    user, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=FamilyMember.Role.CARER).user

    own_data.erase_account(user=carer, now=NOW)

    assert [member.user for member in child.family.members.all()] == [user]


def test_account_of_a_guardian_takes_the_pickup_persons_only_if_nobody_stays(version: str) -> None:
    user, child = parent_with_child()
    FamilyMemberFactory(family=child.family)
    person = PickupPersonFactory(family=child.family)

    own_data.erase_account(user=user, now=NOW)

    assert list(PickupPerson.objects.all()) == [person]


def test_last_guardian_with_a_carer_takes_children_and_pickup_persons_along() -> None:
    user, child = parent_with_child()
    carer = FamilyMemberFactory(family=child.family, role=FamilyMember.Role.CARER)
    PickupPersonFactory(family=child.family)
    others = PickupPersonFactory()

    own_data.erase_account(user=user, now=NOW)

    assert (Child.objects.count(), list(PickupPerson.objects.all())) == (0, [others])
    assert list(FamilyMember.objects.all()) == [carer]


def test_pickup_persons_go_even_where_old_bookings_keep_the_family() -> None:
    house = open_house()
    guardian, child = toddler()
    booking = booked(house, user=guardian, child=child)
    PickupPersonFactory(family=child.family)

    own_data.erase_account(user=guardian, now=BOOKING_NOW + dt.timedelta(days=30))

    booking.refresh_from_db()
    assert booking.family_id is not None
    assert not PickupPerson.objects.exists()


def test_carer_is_not_kept_by_the_familys_bookings() -> None:
    house = open_house()
    guardian, child = toddler()
    booked(house, user=guardian, child=child)
    carer = FamilyMemberFactory(family=child.family, role=FamilyMember.Role.CARER).user

    assert own_data.find_holds_on_account(user=carer, now=BOOKING_NOW) == []
    own_data.erase_account(user=carer, now=BOOKING_NOW)

    assert Child.objects.filter(pk=child.pk).exists()


def test_holds_on_a_child_are_its_own() -> None:
    house = open_house()
    guardian, child = toddler()
    booked(house, user=guardian, child=child)
    second = ChildFactory(family=child.family)

    assert len(service.find_holds_on_child(user=guardian, child=child, now=BOOKING_NOW)) == 1
    assert service.find_holds_on_child(user=guardian, child=second, now=BOOKING_NOW) == []


def test_work_account_is_not_closed_by_its_owner() -> None:
    user = InstitutionMemberFactory(user=UserFactory()).user

    with pytest.raises(own_data.StaffAccount):
        own_data.erase_account(user=user, now=NOW)

    assert User.objects.filter(pk=user.pk).exists()


def test_account_of_who_worked_at_an_ended_institution_can_be_closed() -> None:
    user = UserFactory()
    InstitutionMemberFactory(institution=InstitutionFactory(state="ended"), user=user)

    own_data.erase_account(user=user, now=NOW)

    assert not User.objects.filter(pk=user.pk).exists()


def test_export_of_a_family_is_complete(version: str) -> None:
    user = UserFactory(display_name="豆妈")
    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)
    family = child.family
    person = PickupPersonFactory(family=family, name="王秀英")
    message = MessageFactory(user=user, title="预约成功", body="x", created_at=NOW)
    MessageFactory()
    log_child_access(children=child, actor=user, place="示例园", purpose="today", now=NOW)
    log_child_access(children=parent_with_child()[1], actor=user, place="别家", purpose="today", now=NOW)

    data = own_data.export_own_data(user=user, now=NOW)

    at = "2026-11-23T10:00:00+08:00"
    since = iso(user.date_joined)
    assert data["exported_at"] == at
    assert data["family"] == {
        "account": {"phone": user.phone, "display_name": "豆妈", "since": since},
        "children": [
            {
                "id": child.public_id,
                "nickname": "豆豆",
                "birth_date": "2025-06-03",
                "sex": "girl",
                "allergies": "花生",
                "care_notes": "抱着毯子睡",
            }
        ],
        "pickup_persons": [{"name": "王秀英", "relation": person.relation, "phone": person.phone}],
        "consents": [{"child": child.nickname, "version": version, "decision": "given", "at": at}],
        "messages": [{"title": message.title, "body": "x", "at": at}],
        "looked_at": [{"place": "示例园", "purpose": "today", "at": at}],
    }
