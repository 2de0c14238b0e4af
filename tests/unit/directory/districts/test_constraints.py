"""Every named constraint of the rules refuses what it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from tests.constraints import refuses
from tests.factories.directory import DistrictFactory, OfficeFactory, PolicyDocumentFactory, RuleFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 26)


def upper(**values: Any) -> Any:
    document = PolicyDocumentFactory(district=None, is_plan=False)
    return RuleFactory(district=None, document=document, **values)


def second_plan() -> None:
    district = DistrictFactory()
    for _ in range(2):
        PolicyDocumentFactory(district=district)


def twice_one_office() -> None:
    district = DistrictFactory()
    for _ in range(2):
        OfficeFactory(district=district)


BREAKS: dict[str, Callable[[], Any]] = {
    "office_department_known": lambda: OfficeFactory(department="tax"),
    "office_health_commission_appoints": lambda: OfficeFactory(department="health_commission", appoints_staff=False),
    "office_once_a_district": twice_one_office,
    "office_register_by_health": lambda: OfficeFactory(department="education", keeps_register=True),
    "office_rules_by_health": lambda: OfficeFactory(department="commerce", keeps_rules=True),
    "office_staff_by_health": lambda: OfficeFactory(department="street_office", appoints_staff=True),
    "policy_document_has_title": lambda: PolicyDocumentFactory(title=""),
    "policy_document_plan_has_district": lambda: PolicyDocumentFactory(district=None),
    "policy_document_one_plan": second_plan,
    "rule_kind_known": lambda: RuleFactory(kind="rumour"),
    "rule_state_known": lambda: RuleFactory(state="rumour"),
    "rule_has_text": lambda: RuleFactory(text=""),
    "rule_level_has_its_area": lambda: upper(level="district"),
    "rule_until_after_from": lambda: RuleFactory(valid_from=DAY, valid_until=DAY - dt.timedelta(days=1)),
}


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_constraint_refuses(name: str) -> None:
    refuses(name, BREAKS[name])


@pytest.mark.parametrize(
    ("level", "area", "own"),
    [
        ("nation", "41", False),
        ("nation", "", True),
        ("province", "", False),
        ("province", "4", False),
        ("province", "4103", False),
        ("province", "41", True),
        ("city", "41", False),
        ("city", "41o3", False),
        ("city", "4103", True),
        ("district", "41", True),
        ("village", "", True),
    ],
)
def test_area_does_not_fit_its_level(level: str, area: str, own: bool) -> None:
    make = RuleFactory if own else upper
    refuses("rule_level_has_its_area", lambda: make(level=level, area=area))


def test_levels_with_their_areas_and_a_rule_of_one_day_are_stored() -> None:
    found = [upper(level=level, area=area) for level, area in (("nation", ""), ("province", "41"), ("city", "4103"))]
    found.append(RuleFactory(valid_from=DAY, valid_until=DAY))

    assert all(row.pk for row in found)
    assert len({PolicyDocumentFactory(is_plan=True).pk, PolicyDocumentFactory(is_plan=False).pk}) == 2


def test_no_office_of_another_department_has_a_right_of_the_health_offices() -> None:
    rights = ("keeps_register", "keeps_rules", "appoints_staff")
    for department in ("womens_federation", "education", "commerce", "street_office"):
        for right, name in zip(rights, ("register", "rules", "staff"), strict=True):
            refuses(f"office_{name}_by_health", lambda d=department, r=right: OfficeFactory(department=d, **{r: True}))
        assert OfficeFactory(department=department, posts_classes=True, writes_pages=True).pk
    assert OfficeFactory(department="maternal_child_health", **dict.fromkeys(rights, True)).pk


def test_site_editor_is_an_editor_of_no_district() -> None:
    refuses("office_department_known", lambda: OfficeFactory(department="site_editor"))


def test_every_constraint_has_a_test() -> None:
    models = apps.get_app_config("districts").get_models()

    assert {constraint.name for model in models for constraint in model._meta.constraints} == set(BREAKS)
