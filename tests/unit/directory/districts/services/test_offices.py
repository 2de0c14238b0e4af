"""The offices of a district: first rights, changed rights, what a rule adds, and the groups that follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Group
from wagtail.models import ModelLogEntry

from cms.core.errors import InvalidInput
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.districts.enums import OFFICES
from directory.districts.models import District, Office
from directory.districts.queries.offices import posting_offices, public_offices
from directory.districts.services.offices import correct_office, ensure_office, permissions, refresh_offices
from directory.districts.services.rules import put_in_force, remove_rule, save_rule
from directory.districts.services.setup import setup_districts, setup_offices
from directory.districts.services.staff import appoint_staff
from directory.districts.tasks import follow_rules
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import DistrictFactory, OfficeFactory, PolicyDocumentFactory, RuleFactory
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 26)
ONE = dt.timedelta(days=1)
#: What shows each right, as `app.codename`.
SIGNS = {
    "keeps_register": "directory.add_authorisation",
    "keeps_rules": "districts.change_rule",
    "posts_classes": "parenting.publish_classsession",
    "appoints_staff": "directory.add_districtstaff",
}
FIRST = {
    "maternal_child_health": {"keeps_register", "posts_classes", "writes_pages"},
    "health_commission": {"keeps_register", "keeps_rules", "writes_pages", "appoints_staff"},
    "womens_federation": {"writes_pages"},
    "education": set(),
    "commerce": set(),
    "street_office": set(),
}


@pytest.fixture
def district() -> District:
    make_site()
    return DistrictFactory(name="示例区")


def names_of(group: Group) -> set[str]:
    rows = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def rights_in_groups(district: District, department: str) -> set[str]:
    """The rights that the office's group really gives."""
    office = ensure_office(district=district, department=department, now=NOW)
    group = Group.objects.get(name=f"{district.name} {office.get_department_display()}")
    found = {right for right, sign in SIGNS.items() if sign in names_of(group)}
    return found | ({"writes_pages"} if group.page_permissions.exists() else set())


def leads(district: District, *value: str, **values: Any) -> Any:
    document = PolicyDocumentFactory(district=district, is_plan=False)
    return RuleFactory(district=district, document=document, kind="parenting_lead", value=list(value), **values)


@pytest.mark.parametrize("department", FIRST)
def test_office_begins_with_its_rights(district: District, department: str) -> None:
    assert rights_in_groups(district, department) == FIRST[department]


def test_every_office_reads_and_none_reads_more_than_another(district: District) -> None:
    reading = {
        "wagtailadmin.access_admin",
        "core.view_calendarday",
        "directory.view_authorisation",
        "directory.view_district",
        "directory.view_institution",
        "directory.view_institutionprofile",
        "directory.view_refusal",
        "directory.view_title",
        "directory.view_township",
        "districts.view_office",
        "districts.view_policydocument",
        "districts.view_rule",
        "parenting.view_classsession",
    }
    for department in OFFICES:
        ensure_office(district=district, department=department, now=NOW)

    assert names_of(Group.objects.get(name="示例区 商务")) == reading
    for group in Group.objects.filter(name__startswith="示例区"):
        assert reading <= names_of(group)


@pytest.mark.parametrize("right", [*SIGNS, "writes_pages"])
def test_right_is_given_and_taken_with_the_row(district: District, right: str) -> None:
    office = ensure_office(district=district, department="maternal_child_health", now=NOW)

    for value in (True, False, True):
        correct_office(office=office, values={right: value}, now=NOW)
        assert (right in rights_in_groups(district, "maternal_child_health")) is value


def test_right_of_one_district_is_none_in_another(district: District) -> None:
    office = ensure_office(district=district, department="education", now=NOW)
    other = DistrictFactory()

    correct_office(office=office, values={"posts_classes": True}, now=NOW)

    assert rights_in_groups(district, "education") == {"posts_classes"}
    assert rights_in_groups(other, "education") == set()


def test_setting_up_again_keeps_what_staff_have_changed_and_mends_the_group(district: District) -> None:
    office = ensure_office(district=district, department="womens_federation", now=NOW)
    correct_office(office=office, values={"writes_pages": False, "duty": "家庭教育"}, now=NOW)
    Group.objects.get(name="示例区 妇联").permissions.add(*permissions(["directory.add_authorisation"]))

    setup_offices(now=NOW)

    office.refresh_from_db()
    assert (office.writes_pages, office.duty) == (False, "家庭教育")
    assert rights_in_groups(district, "womens_federation") == set()
    assert Office.objects.filter(district=district).count() == len(OFFICES)


@pytest.mark.parametrize(
    ("values", "posts"),
    [
        ({"state": "in_force"}, True),
        ({"state": "draft"}, False),
        ({"state": "to_check"}, False),
        ({"valid_from": TODAY}, True),
        ({"valid_from": TODAY + ONE}, False),
        ({"valid_until": TODAY}, True),
        ({"valid_until": TODAY - ONE}, False),
    ],
)
def test_rule_in_force_lets_the_office_that_leads_post_classes(district: District, values: dict, posts: bool) -> None:
    leads(district, "womens_federation", **values)

    assert ("posts_classes" in rights_in_groups(district, "womens_federation")) is posts
    assert "posts_classes" not in rights_in_groups(district, "education")


def test_rule_of_the_nearest_level_decides(district: District) -> None:
    document = PolicyDocumentFactory(district=None, is_plan=False)
    RuleFactory(district=None, document=document, level="nation", kind="parenting_lead", value=["womens_federation"])
    nation = "posts_classes" in rights_in_groups(district, "womens_federation")
    leads(district, "health_commission")

    assert nation
    assert "posts_classes" not in rights_in_groups(district, "womens_federation")
    assert "posts_classes" in rights_in_groups(district, "health_commission")


def test_groups_follow_when_the_rule_is_entered_changed_and_removed(district: District) -> None:
    ensure_office(district=district, department="womens_federation", now=NOW)
    group = Group.objects.get(name="示例区 妇联")
    seen = []

    def look() -> None:
        seen.append(SIGNS["posts_classes"] in names_of(group))

    given = {
        "district": district,
        "document": PolicyDocumentFactory(district=district, is_plan=False),
        "kind": "parenting_lead",
        "value": ["womens_federation"],
        "text": "区妇联牵头",
    }
    rule = save_rule(values=given, now=NOW)
    look()
    save_rule(values={"state": "draft"}, rule=rule, now=NOW)
    look()
    put_in_force(document=given["document"], now=NOW)
    look()
    remove_rule(rule=rule, now=NOW)
    look()

    assert seen == [True, False, True, False]


def test_groups_follow_a_rule_that_begins_on_its_day(district: District) -> None:
    ensure_office(district=district, department="womens_federation", now=NOW)
    leads(district, "womens_federation", valid_from=TODAY + ONE)
    group = Group.objects.get(name="示例区 妇联")

    counts = [follow_rules(NOW), refresh_offices(now=NOW)]
    before = SIGNS["posts_classes"] in names_of(group)
    follow_rules(NOW + ONE)

    assert (counts, before) == ([1, 1], False)
    assert SIGNS["posts_classes"] in names_of(group)


def test_plans_of_the_districts_name_who_posts() -> None:
    """P5: 鄠邑's plan names the women's federation; 西工's is a draft and names nobody."""
    setup_districts()
    setup_offices(now=NOW)

    def posts(slug: str) -> set[str]:
        chief = StaffUserFactory(is_superuser=True)
        found = posting_offices(chief, District.objects.get(slug=slug), day=TODAY)
        return {office.department for office in found}

    assert posts("huyi") == {"maternal_child_health", "womens_federation"}
    assert posts("jianxi") == posts("xigong") == posts("ninghe") == {"maternal_child_health"}


def test_person_posts_for_the_offices_they_work_in(district: District) -> None:
    for department in ("womens_federation", "maternal_child_health", "education"):
        ensure_office(district=district, department=department, now=NOW)
    leads(district, "womens_federation")
    post, _token = appoint_staff(district=district, department="womens_federation", username="li", now=NOW)
    other, _token = appoint_staff(district=district, department="education", username="wang", now=NOW)

    found = posting_offices(post.user, district, day=TODAY)

    assert [office.department for office in found] == ["womens_federation"]
    assert posting_offices(other.user, district, day=TODAY) == []
    assert posting_offices(post.user, DistrictFactory(), day=TODAY) == []
    assert posting_offices(StaffUserFactory(), district, day=TODAY) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"phone": "13812345678"}, "phone"),
        ({"phone": "138 1234 5678"}, "phone"),
        ({"phone": "0379-12345678、13812345678"}, "phone"),
        ({"phone": "0379-12345678、0379-87654321"}, "phone"),
        ({"phone": "找前台"}, "phone"),
        ({"duty": "找小李 13812345678"}, "duty"),
        ({"name": "妇联 138-1234-5678"}, "name"),
        ({"duty": "长" * 61}, "duty"),
        ({"keeps_register": True}, "keeps_register"),
        ({"keeps_rules": True}, "keeps_rules"),
        ({"appoints_staff": True}, "appoints_staff"),
    ],
)
def test_office_is_refused_what_does_not_make_sense(district: District, values: dict, field: str) -> None:
    office = ensure_office(district=district, department="education", now=NOW)

    with pytest.raises(InvalidInput) as refused:
        correct_office(office=office, values=values, now=NOW)

    assert list(refused.value.fields) == [field]
    assert "constraint" not in str(refused.value)
    assert rights_in_groups(district, "education") == set()
    assert public_offices(district) == []


def test_health_commission_always_appoints(district: District) -> None:
    office = ensure_office(district=district, department="health_commission", now=NOW)

    with pytest.raises(InvalidInput) as refused:
        correct_office(office=office, values={"appoints_staff": False}, now=NOW)
    assert refused.value.fields == {"appoints_staff": "卫健总要能管工作人员，否则没有人能改权限。"}


@pytest.mark.parametrize("phone", ["0379-12345678", "12345", "0379-12345678转801", "400-800-1234", ""])
def test_public_line_of_an_office_is_stored(district: District, phone: str) -> None:
    office = ensure_office(district=district, department="commerce", now=NOW)

    correct_office(office=office, values={"phone": phone, "duty": "商场里的母婴室"}, now=NOW)

    assert [(row.department, row.phone) for row in public_offices(district)] == [("commerce", phone)]


def test_change_is_in_the_history_and_drops_cached_pages(
    district: District, django_capture_on_commit_callbacks
) -> None:
    office = ensure_office(district=district, department="commerce", now=NOW)
    actor, before = StaffUserFactory(), versions.current(PUBLIC_PAGES)

    values = {"duty": "商场里的母婴室", "posts_classes": True}
    with django_capture_on_commit_callbacks(execute=True):
        correct_office(office=office, values=values, now=NOW, actor=actor)

    entry = ModelLogEntry.objects.get(object_id=str(office.pk), action="wagtail.edit")
    assert entry.user == actor
    assert entry.data["changes"] == {"duty": ["", "商场里的母婴室"], "posts_classes": ["False", "True"]}
    assert versions.current(PUBLIC_PAGES) != before


def test_stale_copy_overwrites_nothing_else(district: District) -> None:
    stale = ensure_office(district=district, department="commerce", now=NOW)
    correct_office(office=Office.objects.get(pk=stale.pk), values={"duty": "商场里的母婴室"}, now=NOW)

    correct_office(office=stale, values={"phone": "12345"}, now=NOW)

    row = Office.objects.get(pk=stale.pk)
    assert (row.duty, row.phone) == ("商场里的母婴室", "12345")


def test_public_offices_are_in_the_order_of_the_departments(district: District) -> None:
    for department in ("street_office", "womens_federation", "maternal_child_health"):
        OfficeFactory(district=district, department=department, duty="一句话")
    OfficeFactory(district=district, department="education")
    OfficeFactory(duty="别的区")
    OfficeFactory(district=district, department="commerce", phone="12345")

    found = [office.department for office in public_offices(district)]

    assert found == ["maternal_child_health", "womens_federation", "commerce", "street_office"]


def test_plan_gives_the_first_words_of_an_office() -> None:
    setup_districts()
    setup_offices(now=NOW)
    offices = {(row.district.slug, row.department): row for row in Office.objects.select_related("district")}

    assert offices["huyi", "education"].public_name == "区教科局"
    assert offices["huyi", "womens_federation"].duty == "入户指导、亲子活动和家长课堂"
    assert offices["huyi", "commerce"].public_name == "商务"
    assert not any(row.duty for (slug, _department), row in offices.items() if slug == "xigong")
    assert not any(row.phone for row in offices.values())
