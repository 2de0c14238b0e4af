"""The seeded districts: figures with sources, and the traps of their texts."""

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
from directory.districts.models import District, DistrictFact, Township
from directory.districts.queries.figures import district_figures
from directory.districts.services.facts import correct_district, remove_fact, save_fact
from directory.districts.services.setup import permissions, setup_districts, setup_groups
from directory.districts.services.staff import appoint_staff
from tests.factories.accounts import StaffUserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def seeded() -> None:
    setup_districts()


def fact(district: str, key: str) -> DistrictFact:
    return DistrictFact.objects.get(district__slug=district, key=key)


def value(district: str, key: str) -> Any:
    return fact(district, key).value


def test_setup_twice_changes_nothing_that_staff_changed(seeded: None) -> None:
    DistrictFact.objects.filter(key="places-per-thousand").update(text="已更正")
    District.objects.filter(slug="jianxi").update(plan_title="已更正")
    before = (District.objects.count(), Township.objects.count(), DistrictFact.objects.count())

    setup_districts()

    assert (District.objects.count(), Township.objects.count(), DistrictFact.objects.count()) == before
    assert fact("jianxi", "places-per-thousand").text == "已更正"
    assert District.objects.get(slug="jianxi").plan_title == "已更正"


def test_districts_and_their_townships(seeded: None) -> None:
    counted = {district.slug: district.townships.exclude(kind="zone").count() for district in District.objects.all()}

    assert counted == {"jianxi": 11, "hongqi": 7, "huyi": 14, "xigong": 9, "ninghe": 15}
    assert Township.objects.filter(kind="zone", district__slug="ninghe").count() == 7


def test_every_figure_has_source_and_known_words(seeded: None) -> None:
    plans = set(District.objects.values_list("plan_title", flat=True))

    for row in DistrictFact.objects.all():
        assert row.text
        assert row.quote or row.source_title not in plans or row.value is None


def test_targets_of_the_plans(seeded: None) -> None:
    targets = {district.slug: value(district.slug, "places-per-thousand") for district in District.objects.all()}

    assert targets == {"jianxi": 5.3, "hongqi": 4.5, "huyi": None, "xigong": 4.1, "ninghe": None}


def test_area_bands_are_kept_as_written(seeded: None) -> None:
    """T1: 60 stands in two bands, the bands are not monotone, nothing above 150."""
    bands = value("huyi", "area-per-place")

    assert [(band["from"], band["to"], band["square_metres"]) for band in bands] == [
        (1, 30, 9),
        (31, 60, 11),
        (60, 90, 13),
        (91, 150, 12),
    ]
    assert "60 个同属两档" in fact("huyi", "area-per-place").text


def test_thousand_square_metres_is_in_both_clauses(seeded: None) -> None:
    """T2"""
    assert "同属两档" in fact("xigong", "fire-area").text
    assert "大于 1000 平方米" in fact("jianxi", "fire-area").text


def test_deadlines_say_whose_they_are(seeded: None) -> None:
    """T3: only one district prints them; the others show the national rule as the source."""
    own = fact("hongqi", "refusal-days")
    inherited = fact("jianxi", "refusal-days")

    assert (own.value, inherited.value) == (15, 15)
    assert own.source_title == own.district.plan_title
    assert "国卫办人口发〔2019〕25号" in inherited.source_title
    assert inherited.quote == ""


def test_national_documents_stand_beside_too_narrow_lists(seeded: None) -> None:
    """T4 and T5"""
    assert value("hongqi", "licence-document") == ["business_licence"]
    assert "legal_person_certificate" in value("hongqi", "licence-document-national")
    assert set(value("huyi", "filing-documents-national")) >= {"legal_person_certificate", "health"}


def test_half_month_is_not_half_day(seeded: None) -> None:
    """T6"""
    assert District.objects.get(slug="huyi").care_modes == ["half_month", "hourly", "temporary"]


def test_draft_is_marked_at_each_figure_of_the_plan(seeded: None) -> None:
    """T7: national rules are in force there too."""
    rows = DistrictFact.objects.filter(district__slug="xigong")

    assert {row.is_draft for row in rows if row.source_title == row.district.plan_title} == {True}
    assert fact("xigong", "refusal-days").is_draft is False
    assert not DistrictFact.objects.exclude(district__slug="xigong").filter(is_draft=True).exists()


def test_fire_documents_differ_by_district(seeded: None) -> None:
    """T8"""
    assert "assessment_report" in value("jianxi", "fire-document")
    assert value("hongqi", "fire-document") == ["fire_inspection"]


def test_no_damage_and_no_names_of_officials(seeded: None) -> None:
    """T11 and T12"""
    words = " ".join(f"{row.text} {row.quote}" for row in DistrictFact.objects.all())

    for damage in ("bookmark", "_GoBack", "责分工", "副区长", "主任", "局长"):
        assert damage not in words


def test_past_target_is_no_open_target(seeded: None) -> None:
    """T13"""
    row = fact("jianxi", "places-per-thousand")

    assert due_words(row, dt.date(2026, 11, 26)) == "2025 年已过，暂无完成数据"
    assert due_words(row, dt.date(2025, 11, 26)) == "目标年份 2025"
    assert due_words(fact("jianxi", "video-days"), dt.date(2026, 11, 26)) == ""


def test_figures_leave_out_development_zones(seeded: None) -> None:
    found = district_figures("ninghe")

    assert len(found.townships) == 15


def test_draft_districts_figures_are_drafts(seeded: None) -> None:
    district = District.objects.get(slug="xigong")
    values = {"key": "new", "label": "新指标", "text": "一句话", "source_title": district.plan_title}

    row = save_fact(district=district, values=values)
    correct_district(district=district, values={"plan_state": "in_force"})
    row = save_fact(district=district, values={"is_draft": False}, fact=row)

    assert row.is_draft is False
    remove_fact(fact=row)
    assert not DistrictFact.objects.filter(key="new").exists()


def test_offices_get_their_groups(seeded: None) -> None:
    setup_groups(extra={"maternal_child_health": ("parenting.add_classsession",)})
    setup_groups()

    assert Group.objects.filter(name__endswith="卫健").count() == 5
    names = {
        f"{row.content_type.app_label}.{row.codename}"
        for row in Group.objects.get(name="涧西区 妇幼保健").permissions.select_related("content_type")
    }
    assert {"wagtailadmin.access_admin", "directory.add_authorisation", "parenting.add_classsession"} <= names
    assert "directory.change_districtfact" not in names


def test_misspelt_permission_is_a_mistake() -> None:
    with pytest.raises(LookupError):
        permissions(["directory.fly_institution"])


@pytest.mark.parametrize(("model", "policy"), [(CustomImage, images), (CustomDocument, documents)])
def test_an_office_changes_what_its_own_district_has_uploaded_and_chooses_from_all(
    seeded: None, model: type[Any], policy: CollectionPermissionPolicy
) -> None:
    setup_groups()
    own, other = (District.objects.get(slug=slug) for slug in ("jianxi", "hongqi"))
    post, _password = appoint_staff(district=own, department="maternal_child_health", username="wang", now=NOW)
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
    (group, *_others) = setup_groups()
    root = Collection.get_first_root_node()
    for permission in permissions(["wagtailimages.add_image", "wagtaildocs.change_document"]):
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    before = Collection.objects.count()

    setup_groups()

    codenames = group.collection_permissions.filter(collection=root).values_list("permission__codename", flat=True)
    assert sorted(codenames) == ["choose_document", "choose_image"]
    assert Collection.objects.count() == before == 1 + District.objects.count()
