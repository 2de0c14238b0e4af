"""Who else may fetch the children."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.services import families, pickup
from cms.accounts.models import PickupPerson
from cms.core.errors import InvalidInput
from tests.factories.accounts import (
    PickupPersonFactory,
    parent_with_child,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


def test_pickup_person_must_be_adult_and_have_a_number() -> None:
    guardian, _child = parent_with_child()

    with pytest.raises(InvalidInput) as refused:
        pickup.add_pickup_person(user=guardian, name="王", relation="姐姐", phone="1", is_adult=False, now=NOW)

    assert set(refused.value.fields) == {"phone", "is_adult"}


def test_pickup_person_is_registered_and_removed() -> None:
    guardian, child = parent_with_child()
    person = pickup.add_pickup_person(
        user=guardian, name=" 王秀英 ", relation="外婆", phone="139 0000 0001", is_adult=True, now=NOW
    )

    assert (person.name, person.phone, person.family) == ("王秀英", "13900000001", child.family)
    pickup.remove_pickup_person(user=guardian, public_id=person.public_id, now=NOW)
    assert not PickupPerson.objects.exists()


def test_family_has_at_most_eight_who_may_fetch() -> None:
    guardian, child = parent_with_child()
    PickupPersonFactory.create_batch(pickup.MAX_PICKUP_PERSONS, family=child.family)

    with pytest.raises(families.FamilyFull):
        pickup.add_pickup_person(user=guardian, name="a", relation="b", phone="13900000001", is_adult=True, now=NOW)


def test_pickup_person_of_another_family_is_not_found() -> None:
    guardian, _child = parent_with_child()
    person = PickupPersonFactory()

    with pytest.raises(pickup.PickupNotFound):
        pickup.remove_pickup_person(user=guardian, public_id=person.public_id, now=NOW)


def test_eighth_who_may_fetch_is_registered() -> None:
    guardian, child = parent_with_child()
    PickupPersonFactory.create_batch(pickup.MAX_PICKUP_PERSONS - 1, family=child.family)
    PickupPersonFactory.create_batch(3)

    pickup.add_pickup_person(user=guardian, name="a", relation="b", phone="13900000001", is_adult=True, now=NOW)

    assert child.family.pickup_persons.count() == 8


@pytest.mark.parametrize(("phone", "is_adult", "field"), [("1", True, "phone"), ("13900000001", False, "is_adult")])
def test_each_fault_of_a_pickup_person_is_named_alone(phone: str, is_adult: bool, field: str) -> None:
    guardian, _child = parent_with_child()

    with pytest.raises(InvalidInput) as refused:
        pickup.add_pickup_person(user=guardian, name="王", relation="姐姐", phone=phone, is_adult=is_adult, now=NOW)

    assert list(refused.value.fields) == [field]
    assert not PickupPerson.objects.exists()


def test_removing_one_pickup_person_leaves_the_other() -> None:
    guardian, child = parent_with_child()
    first, second = PickupPersonFactory.create_batch(2, family=child.family)

    pickup.remove_pickup_person(user=guardian, public_id=first.public_id, now=NOW)

    assert list(PickupPerson.objects.all()) == [second]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("买买提·阿卜杜热合曼·艾则孜·吐尔逊江", "买买提·阿卜杜热合曼·艾则孜·吐尔逊江"),
        ("Maria  Katharina\u202e von Hohenstein", "Maria Katharina von Hohenstein"),
        ("\u200b王秀英\ufeff", "王秀英"),
    ],
)
def test_name_as_on_the_document_has_room_and_no_marks_nobody_sees(name: str, kept: str) -> None:
    guardian, _child = parent_with_child()

    person = pickup.add_pickup_person(
        user=guardian, name=name, relation="姨", phone="13900000001", is_adult=True, now=NOW
    )

    assert PickupPerson.objects.get(pk=person.pk).name == kept


@pytest.mark.parametrize(
    ("name", "relation", "fields"),
    [
        ("王" * 61, "姨", {"name": "姓名最多 60 个字，现在有 61 个"}),
        ("王", "姨" * 21, {"relation": "和宝宝的关系最多 20 个字，现在有 21 个"}),
        ("王", "\u200d", {"relation": "请填和宝宝的关系"}),
    ],
)
def test_person_with_a_word_too_long_or_empty_is_refused(name: str, relation: str, fields: dict[str, str]) -> None:
    guardian, _child = parent_with_child()

    with pytest.raises(InvalidInput) as refused:
        pickup.add_pickup_person(
            user=guardian, name=name, relation=relation, phone="13900000001", is_adult=True, now=NOW
        )

    assert (refused.value.fields, PickupPerson.objects.exists()) == (fields, False)


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\u200b\u2060", "\u202e", "\u3164"])
def test_person_who_may_fetch_has_a_name(name: str) -> None:
    guardian, _child = parent_with_child()

    with pytest.raises(InvalidInput) as refused:
        pickup.add_pickup_person(user=guardian, name=name, relation="姨", phone="13900000001", is_adult=True, now=NOW)

    assert (list(refused.value.fields), PickupPerson.objects.exists()) == (["name"], False)
