"""The seeded districts: rules with sources, and the traps of their texts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.documents.permissions import permission_policy as documents
from wagtail.images.permissions import permission_policy as images
from wagtail.models import Collection, GroupCollectionPermission
from wagtail.permission_policies.collections import CollectionPermissionPolicy

from cms.accounts.models import User
from cms.media.models import CustomDocument, CustomImage
from directory.districts.components.figures import due_words
from directory.districts.models import District, PolicyDocument, Rule, Township
from directory.districts.queries.figures import district_figures
from directory.districts.services.offices import permissions
from directory.districts.services.setup import setup_districts, setup_offices
from directory.districts.services.staff import appoint_staff
from tests.factories.accounts import StaffUserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def seeded() -> None:
    setup_districts()


def rule(district: str, kind: str) -> Rule:
    return Rule.objects.get(district__slug=district, kind=kind)


def value(district: str, kind: str) -> Any:
    return rule(district, kind).value


def test_setup_twice_changes_nothing_that_staff_changed(seeded: None) -> None:
    Rule.objects.filter(kind="places_per_thousand").update(text="已更正")
    rule("jianxi", "video_days").delete()
    PolicyDocument.objects.filter(slug="plan-hongqi").update(title="已更正", slug="other-plan")
    PolicyDocument.objects.filter(slug="national-filing").update(title="已更正")
    models = (District, Township, PolicyDocument, Rule)
    before = [list(model.objects.order_by("pk").values()) for model in models]

    setup_districts()

    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_districts_and_their_townships(seeded: None) -> None:
    counted = {district.slug: district.townships.exclude(kind="zone").count() for district in District.objects.all()}

    assert counted == {"jianxi": 11, "hongqi": 7, "huyi": 14, "xigong": 9, "ninghe": 15}
    assert Township.objects.filter(kind="zone", district__slug="ninghe").count() == 7


def test_every_rule_with_a_value_has_the_sentence_it_comes_from(seeded: None) -> None:
    rules = Rule.objects.select_related("document")

    assert rules.filter(text="").count() == 0
    assert {row.document.slug for row in rules if not row.quote and row.value is not None} == {
        "national-filing",
        "luoyang-targets",
        "shaanxi-prices",
    }
    assert rules.exclude(quote="").count() == 83


def test_targets_of_the_plans(seeded: None) -> None:
    targets = {district.slug: value(district.slug, "places_per_thousand") for district in District.objects.all()}

    assert targets == {"jianxi": 5.3, "hongqi": 4.5, "huyi": None, "xigong": 4.1, "ninghe": None}


def test_what_was_read_in_news_alone_is_to_check_by_a_person(seeded: None) -> None:
    found = Rule.objects.filter(state="to_check").order_by("pk")

    assert [(row.level, row.area, row.kind, row.value, row.due_year) for row in found] == [
        ("city", "4103", "places_per_thousand", 5.4, 2025),
        ("city", "4103", "places_per_thousand_under_three", 240, 2025),
        ("city", "4103", "inclusive_share", 50, 2025),
        ("province", "61", "price_float", 20, None),
    ]


def test_area_bands_are_kept_as_written(seeded: None) -> None:
    """T1: 60 stands in two bands, the bands are not monotone, nothing above 150 (150 itself has its band)."""
    bands = value("huyi", "area_per_place")

    assert [(band["from"], band["to"], band["square_metres"]) for band in bands] == [
        (1, 30, 9),
        (31, 60, 11),
        (60, 90, 13),
        (91, 150, 12),
    ]
    assert rule("huyi", "area_per_place").text.endswith("60 个同属两档，以区里答复为准；超过 150 个没有规定")


def test_thousand_square_metres_is_in_both_clauses(seeded: None) -> None:
    """T2"""
    assert "同属两档" in rule("xigong", "fire_area").text
    assert "大于 1000 平方米" in rule("jianxi", "fire_area").text


def test_half_month_is_not_half_day(seeded: None) -> None:
    """T6"""
    assert value("huyi", "care_modes") == ["half_month", "hourly", "temporary"]


def test_rules_of_a_draft_plan_are_drafts(seeded: None) -> None:
    """T7"""
    drafts = Rule.objects.filter(state="draft")

    assert {row.document.slug for row in drafts} == {"plan-xigong"}
    assert set(drafts) == set(Rule.objects.filter(document__slug="plan-xigong"))
    assert len(drafts) == 19


def test_plans_are_cited_with_their_number(seeded: None) -> None:
    plans = PolicyDocument.objects.filter(is_plan=True)

    assert {plan.district.slug: plan.number for plan in plans if plan.number} == {"hongqi": "红政办〔2022〕34号"}
    assert {plan.slug for plan in plans} == {f"plan-{slug}" for slug in District.objects.values_list("slug", flat=True)}
    assert PolicyDocument.objects.get(slug="plan-hongqi").citation == (
        "红旗区促进3岁以下婴幼儿照护服务发展实施方案（红政办〔2022〕34号）"
    )
    assert PolicyDocument.objects.get(slug="plan-huyi").citation == (
        "西安市鄠邑区推进3岁以下婴幼儿照护服务工作任务分解表"
    )


def test_no_damage_and_no_names_of_officials(seeded: None) -> None:
    """T11 and T12"""
    words = " ".join(f"{row.text} {row.quote}" for row in Rule.objects.all())

    for damage in ("bookmark", "_GoBack", "责分工", "副区长", "主任", "局长"):
        assert damage not in words


def test_past_target_is_no_open_target(seeded: None) -> None:
    """T13"""
    row = rule("jianxi", "places_per_thousand")

    assert due_words(row, dt.date(2026, 11, 26)) == "2025 年已过，暂无完成数据"
    assert due_words(row, dt.date(2025, 11, 26)) == "目标年份 2025"
    assert due_words(rule("jianxi", "video_days"), dt.date(2026, 11, 26)) == ""


def test_figures_leave_out_development_zones(seeded: None) -> None:
    found = district_figures("ninghe", day=dt.date(2026, 11, 26))

    assert len(found.townships) == 15


def test_offices_get_their_groups(seeded: None) -> None:
    setup_offices(now=NOW)
    setup_offices(now=NOW)

    assert Group.objects.filter(name__endswith="卫健").count() == 5
    names = {
        f"{row.content_type.app_label}.{row.codename}"
        for row in Group.objects.get(name="涧西区 妇幼保健").permissions.select_related("content_type")
    }
    assert {
        "wagtailadmin.access_admin",
        "directory.add_authorisation",
        "parenting.add_classsession",
        "districts.view_rule",
    } <= names
    assert "districts.change_rule" not in names


def test_misspelt_permission_is_a_mistake() -> None:
    with pytest.raises(LookupError):
        permissions(["directory.fly_institution"])


@pytest.mark.parametrize(("model", "policy"), [(CustomImage, images), (CustomDocument, documents)])
def test_an_office_changes_what_its_own_district_has_uploaded_and_chooses_from_all(
    seeded: None, model: type[Any], policy: CollectionPermissionPolicy
) -> None:
    setup_offices(now=NOW)
    own, other = (District.objects.get(slug=slug) for slug in ("jianxi", "hongqi"))
    post, _token = appoint_staff(district=own, department="maternal_child_health", username="wang", now=NOW)
    user = User.objects.get(pk=post.user_id)
    root = Collection.get_first_root_node()
    places = {"own": Collection.objects.get(name=own.full_name), "other": Collection.objects.get(name=other.full_name)}

    allowed = {
        (name, verb)
        for name, collection in (places | {"root": root}).items()
        for verb in ("add", "change", "delete", "choose")
        if policy.user_has_permission_for_instance(
            user, verb, model(collection=collection, uploaded_by_user=StaffUserFactory())
        )
    }

    assert allowed == {
        *(("own", verb) for verb in ("add", "change", "delete", "choose")),
        ("other", "choose"),
        ("root", "choose"),
    }


def test_rights_given_on_the_root_collection_are_withdrawn(seeded: None) -> None:
    setup_offices(now=NOW)
    group = Group.objects.get(name="涧西区 妇幼保健")
    root = Collection.get_first_root_node()
    for permission in permissions(["wagtailimages.add_image", "wagtaildocs.change_document"]):
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    before = Collection.objects.count()

    setup_offices(now=NOW)

    codenames = group.collection_permissions.filter(collection=root).values_list("permission__codename", flat=True)
    assert sorted(codenames) == ["choose_document", "choose_image"]
    assert Collection.objects.count() == before == 1 + District.objects.count()
