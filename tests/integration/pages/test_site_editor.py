"""The editor of the site: signs in as district staff do, edits what is the site's, and nothing of a district."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.permissions import permission_policy as images
from wagtail.models import Collection

from cms.accounts.models import User
from cms.accounts.signin.proofs import PASSWORD
from cms.media.models import CustomImage
from cms.pages.models import HomePage, SiteSettings, StandardPage
from cms.pages.services.permissions import setup_site_editors
from directory.districts.models import District, Office
from directory.districts.services.setup import setup_offices
from tests.factories.directory import DistrictFactory, RuleFactory
from tests.factories.pages import make_site
from tests.factories.parenting import ClassSessionFactory
from tests.factories.staff import client_of, house, text
from tests.factories.workbench import browser

pytestmark = pytest.mark.django_db
#: Pages that are a district's.
DISTRICT_PAGES = (
    "/admin/institutions/",
    "/admin/institutions/new/",
    "/admin/authorisations/",
    "/admin/titles/",
    "/admin/refusals/",
    "/admin/rules/",
    "/admin/rules/new/",
    "/admin/policy-documents/",
    "/admin/districts/",
    "/admin/townships/",
    "/admin/calendar-days/",
    "/admin/offices/",
    "/admin/district-staff/",
    "/admin/district-staff/new/",
    "/admin/undelivered/",
    "/admin/institution-lists/",
    "/admin/snippets/parenting/classsession/",
    "/admin/snippets/parenting/classsession/add/",
    "/admin/snippets/directory/institutionprofile/",
)


@pytest.fixture
def district() -> District:
    found = DistrictFactory(slug="jianxi", name="示例区")
    make_site(district=found)
    setup_offices(now=timezone.now())
    setup_site_editors()
    return found


@pytest.fixture
def editor(district: District) -> Client:
    return client_of(None, "site_editor")


def settings_page() -> str:
    site = HomePage.objects.get().get_site()
    return reverse("wagtailsettings:edit", args=["pages", "sitesettings", site.pk])


def test_password_alone_does_not_open_the_admin(editor: Client) -> None:
    user = User.objects.get(username="site-site_editor")

    answer = browser(user, PASSWORD).get("/admin/")

    assert answer.url.startswith("/staff/second-factor/set-up/")


def test_editor_begins_in_the_admin_and_is_shown_nothing_of_a_district(editor: Client, district: District) -> None:
    house(district, name="示例园", public=True)

    page = text(editor.get("/admin/"))

    assert "示例园" not in page
    assert "示例区" not in page
    assert "放假安排" not in page
    assert settings_page().partition("sitesettings")[0] in page


def test_settings_and_texts_of_the_site_are_saved(editor: Client) -> None:
    page = settings_page()
    form = editor.get(page).context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    editor.post(page, values | {"site_name": "新的名称"})
    privacy = StandardPage.objects.get(slug="privacy")
    answer = editor.get(reverse("wagtailadmin_pages:edit", args=[privacy.pk]))

    assert SiteSettings.objects.get().site_name == "新的名称"
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("name", "typed", "is_saved"),
    [
        ("hotline", "12", False),
        ("hotline", "13812345678", False),
        ("hotline", "0379-12345678", True),
        ("hotline", "", True),
        ("complaint_line", "0", False),
        ("complaint_line", "12345", True),
        ("icp_number", "abc", False),
        ("icp_number", "豫ICP备1234567号", False),
        ("icp_number", "豫ICP备12345678号", True),
        ("icp_number", "豫ICP备12345678号-1", True),
        ("icp_number", "豫ICP备2026012345号-12", True),
        ("icp_number", "豫ICP备12345678号-1 ", True),
        ("icp_number", "豫ICP备12345678号-", False),
        ("icp_number", "", True),
    ],
)
def test_what_the_footer_shows_can_be_dialled_and_looked_up(
    editor: Client, name: str, typed: str, is_saved: bool
) -> None:
    page = settings_page()
    SiteSettings.objects.update(**{name: "以前的"})
    form = editor.get(page).context["form"]
    values = {field: form[field].value() or "" for field in form.fields}

    answer = editor.post(page, values | {name: typed})

    assert SiteSettings.objects.values_list(name, flat=True).get() == (typed.strip() if is_saved else "以前的")
    assert answer.status_code == (302 if is_saved else 200)
    if not is_saved:
        assert list(answer.context["form"].errors) == [name]
        assert answer.context["form"][name].value() == typed


@pytest.mark.parametrize("path", DISTRICT_PAGES)
def test_pages_of_districts_are_refused(editor: Client, path: str) -> None:
    assert editor.get(path).status_code in {302, 403, 404}


def test_rows_of_districts_are_not_found_or_refused(editor: Client, district: District) -> None:
    institution = house(district, name="示例园", public=True)
    rule = RuleFactory(district=district)
    office = Office.objects.get(district=district, department="commerce")
    session = ClassSessionFactory(district=district)
    paths = [
        reverse("institutions:edit", args=[institution.pk]),
        reverse("institutions:end", args=[institution.pk]),
        reverse("rules:edit", args=[rule.pk]),
        reverse("offices:edit", args=[office.pk]),
        reverse("wagtailsnippets_parenting_classsession:edit", args=[session.pk]),
    ]

    assert [editor.post(path, {}).status_code for path in paths] == [404] * 5
    assert editor.get(reverse("parenting_attendance", args=[session.public_id])).status_code in {302, 404}


def test_rule_above_the_districts_is_not_the_editors(editor: Client) -> None:
    upper = RuleFactory(district=None, document__district=None, document__is_plan=False, level="nation")

    assert editor.get(reverse("rules:edit", args=[upper.pk])).status_code == 404
    assert editor.post(reverse("rules:remove", args=[upper.pk])).status_code == 404


@pytest.mark.parametrize("department", ["health_commission", "maternal_child_health", "commerce"])
def test_districts_do_not_edit_the_site(editor: Client, district: District, department: str) -> None:
    staff = client_of(district, department)
    privacy = StandardPage.objects.get(slug="privacy")

    assert staff.get(settings_page()).status_code == 302
    assert staff.get(reverse("wagtailadmin_pages:edit", args=[privacy.pk])).status_code == 302


def test_editor_uploads_for_the_site_and_changes_no_districts_pictures(editor: Client, district: District) -> None:
    user = User.objects.get(username="site-site_editor")

    def may(verb: str, collection: str) -> bool:
        picture = CustomImage(collection=Collection.objects.get(name=collection))
        return bool(images.user_has_permission_for_instance(user, verb, picture))

    assert [may(verb, "网站编辑") for verb in ("add", "change", "choose")] == [True] * 3
    assert [may(verb, district.full_name) for verb in ("add", "change", "choose")] == [False, False, True]


def test_editor_has_no_workbench(editor: Client) -> None:
    assert editor.get("/workbench/").status_code in {302, 404}


def test_ended_post_closes_the_admin(editor: Client) -> None:
    user = User.objects.get(username="site-site_editor")
    user.district_posts.get().delete()

    for path in ("/admin/", "/staff/sign-in/?next=/admin/"):
        page = editor.get(path, follow=True)
        assert (page.status_code, "这里您进不去" in text(page), len(page.redirect_chain) <= 1) == (403, True, True)
    assert browser(user, PASSWORD).get("/admin/").status_code == 403
