"""The offices in the admin: everybody reads their district's, who appoints staff changes them."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.districts.enums import OFFICES
from directory.districts.models import District, DistrictStaff, Office
from tests.factories.directory import InstitutionFactory, RuleFactory
from tests.factories.pages import make_site
from tests.factories.staff import client_of, text

pytestmark = pytest.mark.django_db
INDEX = "/admin/offices/"
#: Page of the admin → the offices that may open it.
PAGES = {
    "/admin/": set(OFFICES),
    INDEX: set(OFFICES),
    "/admin/institutions/": set(OFFICES),
    "/admin/authorisations/": set(OFFICES),
    "/admin/refusals/": set(OFFICES),
    "/admin/rules/": set(OFFICES),
    "/admin/calendar-days/": set(OFFICES),
    "/admin/townships/": set(OFFICES),
    "/admin/snippets/parenting/classsession/": set(OFFICES),
    "/admin/institutions/new/": {"maternal_child_health", "health_commission"},
    "/admin/authorisations/new/": {"maternal_child_health", "health_commission"},
    "/admin/institution-lists/": {"maternal_child_health", "health_commission"},
    "/admin/rules/new/": {"health_commission"},
    "/admin/calendar-days/new/": {"health_commission"},
    "/admin/district-staff/": {"health_commission"},
    "/admin/district-staff/new/": {"health_commission"},
    "/admin/snippets/parenting/classsession/add/": {"maternal_child_health"},
}


#: Those that write the district's pages.
WRITERS = {"maternal_child_health", "health_commission", "womens_federation"}


def office(district: District, department: str) -> Office:
    return Office.objects.get(district=district, department=department)


def edit(row: Office) -> str:
    return reverse("offices:edit", args=[row.pk])


def data(**changes: Any) -> dict[str, Any]:
    return {"name": "", "duty": "", "phone": ""} | changes


@pytest.mark.parametrize("path", PAGES)
def test_each_office_opens_what_it_has_a_right_to(jianxi: District, path: str) -> None:
    make_site()

    opened = {name for name in OFFICES if client_of(jianxi, name).get(path).status_code == 200}

    assert opened == PAGES[path]


def test_offices_that_write_pages_open_the_list_of_pages(jianxi: District) -> None:
    home = make_site()
    path = reverse("wagtailadmin_explore", args=[home.pk])

    assert {name for name in OFFICES if client_of(jianxi, name).get(path).status_code == 200} == WRITERS


@pytest.mark.parametrize("department", sorted(set(OFFICES) - {"maternal_child_health", "health_commission"}))
def test_offices_that_read_change_no_institution(jianxi: District, department: str) -> None:
    institution = InstitutionFactory(district=jianxi, name="示例园", public=True)
    browser = client_of(jianxi, department)

    views = [reverse(f"institutions:{name}", args=[institution.pk]) for name in ("edit", "rectify", "end", "invite")]

    assert "示例园" in text(browser.get("/admin/institutions/"))
    assert [browser.post(path, {"name": "别的"}).status_code for path in views] == [302] * 4
    institution.refresh_from_db()
    assert (institution.name, institution.state, institution.invites.count()) == ("示例园", "active", 0)


def test_start_page_lists_what_the_office_can_do_something_about(jianxi: District) -> None:
    InstitutionFactory(district=jianxi)
    make_site()

    def shown(department: str) -> tuple[bool, bool, bool]:
        page = text(client_of(jianxi, department).get("/admin/"))
        return "家还没有公开" in page, "放假安排还没有录入" in page, "没有要办的事" in page

    with time_machine.travel("2031-06-01 10:00+08:00", tick=False):
        found = {department: shown(department) for department in OFFICES}

    assert found["health_commission"] == (True, True, False)
    assert found["maternal_child_health"] == (True, False, False)
    assert {found[name] for name in ("education", "commerce", "street_office")} == {(False, False, True)}


@pytest.mark.parametrize("department", OFFICES)
def test_nobody_sees_another_districts_institutions(jianxi: District, department: str) -> None:
    InstitutionFactory(district=District.objects.get(slug="hongqi"), name="红旗示例园", public=True)

    assert "红旗示例园" not in text(client_of(jianxi, department).get("/admin/institutions/"))


def test_rights_are_given_and_taken_on_the_page(staff: Client, jianxi: District) -> None:
    row = office(jianxi, "womens_federation")
    posting = "/admin/snippets/parenting/classsession/add/"
    browser = client_of(jianxi, "womens_federation")

    before = browser.get(posting).status_code
    staff.post(edit(row), data(posts_classes="on", duty="家长课堂", phone="0379-12345678"))
    given = browser.get(posting).status_code
    page = text(staff.get(INDEX))
    assert f'href="{edit(row)}"' in page
    assert f'href="{edit(row)}"' not in text(browser.get(INDEX))
    staff.post(edit(row), data())

    assert (before, given, browser.get(posting).status_code) == (302, 200, 302)
    assert "0379-12345678" in page
    assert "只查看" in page
    history = text(staff.get(reverse("offices:history", args=[row.pk])))
    assert "家长课堂" in history
    assert "False" not in history


def test_what_makes_no_sense_is_not_asked(staff: Client, jianxi: District) -> None:
    def asked(department: str) -> set[str]:
        form = staff.get(edit(office(jianxi, department))).context["form"]
        return {name for name in form.fields if hasattr(Office, name)} - {"name", "duty", "phone"}

    health = {"keeps_register", "keeps_rules", "posts_classes", "writes_pages"}
    assert asked("health_commission") == health
    assert asked("maternal_child_health") == health | {"appoints_staff"}
    assert asked("commerce") == {"posts_classes", "writes_pages"}


def test_mobile_number_is_refused_and_what_was_typed_is_kept(staff: Client, jianxi: District) -> None:
    answer = staff.post(edit(office(jianxi, "commerce")), data(phone="13812345678", duty="商场里的母婴室"))

    assert "手机号是个人的，不公开" in text(answer)
    assert 'value="13812345678"' in text(answer)
    assert office(jianxi, "commerce").duty != "商场里的母婴室"


def test_page_says_that_the_rule_lets_the_office_post(jianxi: District) -> None:
    huyi = District.objects.get(slug="huyi")
    browser = client_of(huyi, "health_commission")

    assert "不勾也可以发布" in text(browser.get(edit(office(huyi, "womens_federation"))))
    assert "不勾也可以发布" not in text(browser.get(edit(office(huyi, "commerce"))))
    assert client_of(huyi, "womens_federation").get("/admin/snippets/parenting/classsession/add/").status_code == 200


@pytest.mark.parametrize("department", sorted(set(OFFICES) - {"health_commission"}))
def test_others_change_no_office_not_even_their_own(jianxi: District, department: str) -> None:
    row = office(jianxi, department)

    answer = client_of(jianxi, department).post(edit(row), data(posts_classes="on", duty="新的"))

    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.duty != "新的"


def test_office_of_another_district_is_not_found(staff: Client, jianxi: District) -> None:
    row = office(District.objects.get(slug="hongqi"), "commerce")

    assert [staff.get(edit(row)).status_code, staff.post(edit(row), data(duty="新的")).status_code] == [404, 404]
    assert "红旗区" not in text(staff.get(INDEX))


def test_stranger_is_sent_to_sign_in(client: Client, jianxi: District) -> None:
    for path in (INDEX, edit(office(jianxi, "commerce"))):
        assert client.get(path).url.startswith("/staff/sign-in/")


def test_queries_of_the_list_do_not_grow(staff: Client, jianxi: District) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(INDEX)
        return len(queries)

    Office.objects.filter(district=jianxi).exclude(department="commerce").delete()
    staff.get(INDEX)
    one = count()
    for department in ("education", "street_office"):
        Office.objects.create(district=jianxi, department=department)

    assert count() == one


def test_appointing_to_each_office_and_to_none_else(staff: Client, jianxi: District) -> None:
    for department in (*OFFICES, "site_editor"):
        values = {"district": jianxi.pk, "department": department, "username": f"li-{department}"}
        staff.post(reverse("district-staff:add"), values)

    posts = DistrictStaff.objects.filter(user__username__startswith="li-").values_list("department", flat=True)
    assert set(posts) == set(OFFICES)


def test_account_of_another_district_is_not_appointed(staff: Client, jianxi: District) -> None:
    client_of(District.objects.get(slug="hongqi"), "commerce")

    values = {"district": jianxi.pk, "department": "commerce", "username": "hongqi-commerce"}
    answer = staff.post(reverse("district-staff:add"), values)

    assert "另起一个用户名" in text(answer)
    assert 'value="hongqi-commerce"' in text(answer)


UPPER = {
    "level": "nation",
    "area": "",
    "kind": "video_days",
    "value_words": "30",
    "text": "30 天",
    "state": "draft",
}


@pytest.mark.parametrize("department", ["health_commission", "maternal_child_health"])
def test_rule_above_the_district_is_nobodys_to_change(jianxi: District, department: str) -> None:
    upper = RuleFactory(district=None, document__district=None, document__is_plan=False, level="nation")
    browser = client_of(jianxi, department)

    assert browser.get(reverse("rules:edit", args=[upper.pk])).status_code == 404
    assert browser.post(reverse("rules:remove", args=[upper.pk])).status_code == 404
    assert browser.get(reverse("policy-documents:edit", args=[upper.document_id])).status_code == 404
    browser.post(reverse("rules:add"), UPPER | {"document": upper.document_id, "district": ""})
    assert list(upper.document.rules.all()) == [upper]
