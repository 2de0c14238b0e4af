from __future__ import annotations

import pytest
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from directory.districts.models import DistrictFact
from directory.districts.services.facts import correct_district, remove_fact, save_fact
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactFactory, DistrictFactory

pytestmark = pytest.mark.django_db

VALUES = {
    "key": "places",
    "label": "托位",
    "value": 4.5,
    "text": "每千人口托位 4.5 个",
    "source_title": "实施方案",
    "quote": "每千人口托位4.5个",
}


def test_a_fact_is_entered_then_corrected_from_what_is_stored() -> None:
    district, actor = DistrictFactory(), StaffUserFactory()
    fact = save_fact(district=district, values=VALUES, actor=actor)
    stale = DistrictFact.objects.get(pk=fact.pk)
    save_fact(district=district, values={"label": "托位数"}, fact=fact, actor=actor)

    changed = save_fact(district=district, values={"value": 4.6}, fact=stale, actor=actor)

    assert (changed.label, changed.value, changed.district) == ("托位数", 4.6, district)
    assert DistrictFact.objects.get() == changed
    assert [(row.action, row.data["changes"], row.user) for row in ModelLogEntry.objects.order_by("pk")] == [
        ("wagtail.create", {}, actor),
        ("wagtail.edit", {"label": ["托位", "托位数"]}, actor),
        ("wagtail.edit", {"value": ["4.5", "4.6"]}, actor),
    ]


def test_a_fact_corrected_to_the_same_is_an_edit_without_changes() -> None:
    fact = DistrictFactFactory()

    save_fact(district=fact.district, values={"label": fact.label}, fact=fact)

    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data["changes"]) == ("wagtail.edit", {})


@pytest.mark.parametrize(
    ("plan", "title", "given", "is_draft"),
    [
        ("draft", "方案", False, True),
        ("draft", "国家标准", False, False),
        ("draft", "国家标准", True, True),
        ("in_force", "方案", False, False),
        ("in_force", "方案", True, True),
    ],
)
def test_what_a_draft_plan_says_is_a_draft(plan: str, title: str, given: bool, is_draft: bool) -> None:
    district = DistrictFactory(plan_state=plan, plan_title="方案")

    fact = save_fact(district=district, values=VALUES | {"source_title": title, "is_draft": given})

    assert fact.is_draft is is_draft


def test_a_fact_without_its_sentence_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        save_fact(district=DistrictFactory(), values=VALUES | {"label": ""})

    assert list(caught.value.fields) == ["label"]
    assert (DistrictFact.objects.count(), ModelLogEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), [-float("inf")], {"a": {"b": float("nan")}}, "a\0", ["\ud800"], {"\0": 1}]
)
def test_a_value_that_no_database_can_store_is_refused_at_its_field(value: object) -> None:
    fact = DistrictFactFactory(value=4.5)

    with pytest.raises(InvalidInput) as caught:
        save_fact(district=fact.district, values={"value": value}, fact=fact)

    assert caught.value.fields == {"value": "这个数值存不了，请直接写数字，例如 4.5。"}
    fact.refresh_from_db()
    assert fact.value == 4.5


@pytest.mark.parametrize("value", [None, 0, -1.5, "约 5%", {"from": 1, "to": [30, "豆"]}])
def test_any_other_value_is_stored(value: object) -> None:
    assert save_fact(district=DistrictFactory(), values=VALUES | {"value": value}).value == value


def test_a_key_is_used_once_a_district() -> None:
    fact = DistrictFactFactory(key="places")

    with pytest.raises(InvalidInput) as caught:
        save_fact(district=fact.district, values=VALUES)

    assert caught.value.fields == {"key": "这个代号已经用过，请换一个。"}


def test_a_removed_fact_leaves_its_key_in_the_history() -> None:
    fact, other = DistrictFactFactory(key="gone"), DistrictFactFactory()

    remove_fact(fact=fact)

    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.data, entry.content_changed) == ("wagtail.delete", {"key": "gone"}, True)
    assert list(DistrictFact.objects.all()) == [other]


def test_a_district_is_corrected_from_what_is_stored() -> None:
    district = DistrictFactory(plan_title="旧方案", radius_km=30.5)
    stale = type(district).objects.get(pk=district.pk)
    correct_district(district=district, values={"plan_title": "新方案"})

    changed = correct_district(district=stale, values={"radius_km": 25})

    assert (changed.plan_title, changed.radius_km) == ("新方案", 25)
    assert [row.data["changes"] for row in ModelLogEntry.objects.order_by("pk")] == [
        {"plan_title": ["旧方案", "新方案"]},
        {"radius_km": ["30.5", "25"]},
    ]


def test_a_district_needs_a_name() -> None:
    district = DistrictFactory()

    with pytest.raises(InvalidInput) as caught:
        correct_district(district=district, values={"name": ""})

    assert list(caught.value.fields) == ["name"]
