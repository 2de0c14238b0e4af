"""A district's pages are changed by its staff alone, the site's by its editors alone, whatever the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from cms.pages.models import (
    GuideIndexPage,
    HomePage,
    NoticeIndexPage,
    NoticeInstitution,
    NoticePage,
    PolicyIndexPage,
    PolicyPage,
    StandardPage,
)
from cms.pages.models.policy import PolicyOfOthers
from cms.pages.services.permissions import setup_site_editors
from directory.districts.models import District, Office, PolicyDocument
from directory.districts.services.setup import setup_offices
from tests.factories.accounts import UserFactory
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory
from tests.factories.pages import make_guide, make_notice, make_policy, make_site
from tests.factories.staff import client_of, house, signed_in

pytestmark = pytest.mark.django_db
PAGES = {"notice": make_notice, "policy": make_policy, "guide": make_guide}
#: Views of one page that change it or show its draft; `copy` and `move` too.
VIEWS = ("edit", "delete", "unpublish", "copy", "history", "set_privacy", "usage", "view_draft", "revisions_index")


@pytest.fixture(scope="module", autouse=True)
def site(lay: Callable[[Callable[[], None]], None]) -> None:
    """Four districts with their groups, and the group of the site's editors."""
    lay(make_districts)


def make_districts() -> None:
    for slug in ("jianxi", "hongqi", "xigong", "ninghe"):
        DistrictFactory(slug=slug)
    make_site(district=district("jianxi"))
    setup_offices(now=timezone.now())
    setup_site_editors()


def district(slug: str) -> District:
    return District.objects.get(slug=slug)


def staff(slug: str = "hongqi", department: str = "maternal_child_health") -> Client:
    return client_of(district(slug), department)


def editor() -> Client:
    """Edits the site and works for no district."""
    return client_of(None, "site_editor")


def page_of(kind: str, slug: str | None) -> Any:
    page = PAGES[kind](district=district(slug) if slug else None)
    page.save_revision()
    return page


def shown(client: Client, page: Any, *, views: tuple[str, ...] = VIEWS) -> set[str]:
    """The views that answer; the others send away, and of another district's page there is nothing."""
    answers = {name: client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])) for name in views}
    codes = {answer.status_code for answer in answers.values()}
    assert codes <= {200, 302, 301} or codes == {404}
    return {name for name, answer in answers.items() if answer.status_code == 200}


def statuses(client: Client, page: Any) -> set[int]:
    """What the views of a page answer with."""
    return {client.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code for name in VIEWS}


OWN = set(VIEWS) - {"revisions_index"}  # leads to the history


@pytest.mark.parametrize("kind", PAGES)
def test_own_staff_reach_every_view_of_a_page_and_others_none(kind: str) -> None:
    page = page_of(kind, "hongqi")

    assert shown(staff("hongqi"), page) == OWN
    assert shown(staff("hongqi", "health_commission"), page) == OWN
    assert shown(staff("jianxi"), page) == set()
    assert shown(editor(), page) == set()


@pytest.mark.parametrize("kind", PAGES)
def test_page_of_no_district_is_the_site_editors_alone(kind: str) -> None:
    page = page_of(kind, None)

    assert shown(editor(), page) == OWN
    assert shown(staff(), page) == set()


def test_site_texts_are_the_site_editors_alone() -> None:
    text = StandardPage.objects.get(slug="privacy")
    home = HomePage.objects.get()

    mine, others = editor(), staff()
    assert [shown(mine, page, views=("edit",)) for page in (text, home)] == [{"edit"}] * 2
    assert [shown(others, page) for page in (text, home, NoticeIndexPage.objects.get())] == [set()] * 3


def test_settings_of_the_site_are_the_site_editors_alone() -> None:
    path = reverse("wagtailsettings:edit", args=["pages", "sitesettings", HomePage.objects.get().get_site().pk])

    assert [editor().get(path).status_code, staff().get(path).status_code] == [200, 302]


def test_having_made_a_page_or_its_index_gives_no_right_to_it() -> None:
    browser = staff()
    owner = int(browser.session["_auth_user_id"])
    page, index = page_of("notice", "jianxi"), GuideIndexPage.objects.get()
    Page.objects.filter(pk__in=(page.pk, index.pk)).update(owner=owner)

    assert [shown(browser, found) for found in (page, index)] == [set()] * 2


@pytest.mark.parametrize(("slug", "live"), [("hongqi", False), ("jianxi", True), (None, True)])
def test_unpublishing_by_view_and_in_bulk(slug: str | None, live: bool) -> None:
    one, two = page_of("policy", slug), page_of("notice", slug)
    browser = staff()

    browser.post(reverse("wagtailadmin_pages:unpublish", args=[one.pk]))
    browser.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"]) + f"?id={two.pk}")

    assert [Page.objects.get(pk=page.pk).live for page in (one, two)] == [live, live]


@pytest.mark.parametrize(("slug", "left"), [("hongqi", 0), ("jianxi", 2), (None, 2)])
def test_deleting_by_view_and_in_bulk(slug: str | None, left: int) -> None:
    one, two = page_of("policy", slug), page_of("notice", slug)
    browser = staff()

    browser.post(reverse("wagtailadmin_pages:delete", args=[one.pk]))
    browser.post(reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={two.pk}")

    assert Page.objects.filter(pk__in=(one.pk, two.pk)).count() == left


@pytest.mark.parametrize(("slug", "status", "live"), [("hongqi", 200, False), ("jianxi", 404, True), (None, 403, True)])
def test_unpublishing_by_the_api_of_the_admin(slug: str | None, status: int, live: bool) -> None:
    page = page_of("notice", slug)

    answer = staff().post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "unpublish"]))

    assert (answer.status_code, Page.objects.get(pk=page.pk).live) == (status, live)


@pytest.mark.parametrize("view", ["revisions_revert", "revisions_view"])
def test_earlier_versions_are_shown_to_own_staff_alone(view: str) -> None:
    page = page_of("notice", "hongqi")
    path = reverse(f"wagtailadmin_pages:{view}", args=[page.pk, page.latest_revision_id])

    assert [staff(slug).get(path).status_code for slug in ("hongqi", "jianxi")] == [200, 404]


def test_nobody_but_superusers_moves_or_hides_a_branch() -> None:
    index = NoticeIndexPage.objects.get()
    page_of("notice", "hongqi")
    boss = signed_in(UserFactory(username="boss", is_superuser=True))
    views = ("unpublish", "delete", "set_privacy")

    assert [shown(editor(), index, views=views), shown(boss, index, views=views)] == [set(), set(views)]


def test_order_of_the_pages_is_not_a_districts_to_change() -> None:
    first, second = page_of("notice", "hongqi"), page_of("notice", "jianxi")
    browser = staff()

    browser.post(reverse("wagtailadmin_pages:set_page_position", args=[first.pk]) + "?position=1")

    assert list(NoticePage.objects.order_by("path")) == [first, second]


def body(**values: Any) -> dict[str, Any]:
    data = {"title": "新公示", "slug": "", "kind": "announcement", "notice_date": "2026-11-02", "office": "卫健委"}
    text = {
        "body-count": "1",
        "body-0-type": "heading",
        "body-0-value": "全文",
        "body-0-order": "0",
        "body-0-deleted": "",
    }
    blocks = {**text, "named-TOTAL_FORMS": "0", "named-INITIAL_FORMS": "0"}
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {**data, **blocks, **comments, "action-publish": "1", **values}


def add(client: Client, **values: Any) -> Any:
    index = NoticeIndexPage.objects.get()
    return client.post(reverse("wagtailadmin_pages:add", args=["pages", "noticepage", index.pk]), body(**values))


def test_staff_publish_a_page_of_their_own_district() -> None:
    add(staff(), district=district("hongqi").pk)

    page = NoticePage.objects.get()
    assert (page.district.slug, page.live) == ("hongqi", True)


@pytest.mark.parametrize("slug", ["jianxi", None])
def test_staff_make_no_page_of_another_district_or_of_the_site(slug: str | None) -> None:
    answer = add(staff(), district=district(slug).pk if slug else "")

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["district"])
    assert NoticePage.objects.count() == 0


def test_site_editor_makes_pages_of_the_site_alone() -> None:
    browser = editor()
    answer = add(browser, district=district("jianxi").pk)
    add(browser, district="")

    assert list(answer.context["form"].errors) == ["district"]
    assert NoticePage.objects.get().district is None


def test_staff_do_not_give_their_page_to_another_district() -> None:
    page = page_of("notice", "hongqi")
    path = reverse("wagtailadmin_pages:edit", args=[page.pk])

    answer = staff().post(path, body(slug=page.slug, district=district("jianxi").pk))

    assert list(answer.context["form"].errors) == ["district"]
    assert NoticePage.objects.get(pk=page.pk).district.slug == "hongqi"


def documents() -> dict[str | None, PolicyDocument]:
    """One of each of two districts and one of the nation, by the slug of the district."""
    return {
        slug: PolicyDocumentFactory(district=district(slug) if slug else None, is_plan=False)
        for slug in ("hongqi", "jianxi", None)
    }


def policy_body(**values: Any) -> dict[str, Any]:
    more = {"stage": "draft", "disclosure": "proactive", "action-publish": "1"}
    forms = {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {"title": "方案", "slug": "", **more, **forms, **values}


def add_policy(client: Client, document: PolicyDocument | None, slug: str | None) -> Any:
    path = reverse("wagtailadmin_pages:add", args=["pages", "policypage", PolicyIndexPage.objects.get().pk])
    data = {"document": document.pk if document else "", "district": district(slug).pk if slug else ""}
    return client.post(path, policy_body(**data))


def boss() -> Client:
    return signed_in(UserFactory(is_superuser=True))


@pytest.mark.parametrize(
    ("who", "offered"), [(staff, ["hongqi"]), (editor, [None]), (boss, ["hongqi", "jianxi", None])]
)
def test_policy_page_is_offered_the_documents_of_its_editor(
    who: Callable[[], Client], offered: list[str | None]
) -> None:
    found = documents()
    path = reverse("wagtailadmin_pages:add", args=["pages", "policypage", PolicyIndexPage.objects.get().pk])

    field = who().get(path).context["form"].fields["document"]

    assert set(field.queryset) == {found[slug] for slug in offered}


@pytest.mark.parametrize(
    ("who", "document", "of", "taken"),
    [
        (staff, "hongqi", "hongqi", True),
        (staff, "jianxi", "hongqi", False),
        (staff, None, "hongqi", False),
        (editor, None, None, True),
        (editor, "hongqi", None, False),
        (boss, "jianxi", "jianxi", True),
        (boss, "jianxi", "hongqi", False),
        (boss, "jianxi", None, False),
        (boss, None, "jianxi", False),
    ],
)
def test_policy_page_takes_the_documents_of_its_own_district_alone(
    who: Callable[[], Client], document: str | None, of: str | None, taken: bool
) -> None:
    cited = documents()[document]

    answer = add_policy(who(), cited, of)

    if taken:
        assert PolicyPage.objects.get().document == cited
    else:
        assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["document"])
        assert not PolicyPage.objects.exists()


def test_policy_page_without_a_document_is_as_free_as_before() -> None:
    add_policy(staff(), None, "hongqi")

    assert PolicyPage.objects.get().live


def test_policy_page_given_to_another_district_leaves_its_document() -> None:
    cited = documents()
    page = make_policy(document=cited["hongqi"])
    path = reverse("wagtailadmin_pages:edit", args=[page.pk])
    data = policy_body(slug=page.slug, district=district("jianxi").pk)

    kept = boss().post(path, {**data, "document": cited["hongqi"].pk})
    before = PolicyPage.objects.get(pk=page.pk).district.slug
    boss().post(path, {**data, "document": ""})

    assert kept.context["form"].errors["document"] == ["这份依据的文件不是这个区的，请选本区的，或先把「区」改对"]
    page.refresh_from_db()
    assert (before, page.district.slug, page.document) == ("hongqi", "jianxi", None)


def test_copy_of_a_policy_page_cites_nothing() -> None:
    page = make_policy(document=documents()["hongqi"])
    page.save_revision()
    form = {"new_title": "抄本", "new_slug": "copy", "new_parent_page": PolicyIndexPage.objects.get().pk}

    staff().post(reverse("wagtailadmin_pages:copy", args=[page.pk]), form)

    copy = PolicyPage.objects.get(slug="copy")
    assert (copy.document, copy.get_latest_revision_as_object().document) == (None, None)
    page.refresh_from_db()
    assert page.document is not None


@pytest.mark.parametrize(("slug", "live"), [("hongqi", True), ("jianxi", False), (None, False)])
def test_draft_that_cites_a_document_of_others_is_never_published(slug: str | None, live: bool) -> None:
    page = make_policy(document=documents()[slug], district=district("hongqi"), live=False)
    revision = page.save_revision()

    if live:
        revision.publish()
    else:
        with pytest.raises(PolicyOfOthers):
            revision.publish()

    page.refresh_from_db()
    assert page.live is live


def named(*institutions: Any) -> dict[str, Any]:
    rows = {
        f"named-{number}-{name}": value
        for number, pk in enumerate(institutions)
        for name, value in (("institution", pk), ("id", ""), ("ORDER", number + 1), ("DELETE", ""))
    }
    return {"named-TOTAL_FORMS": len(institutions), "named-MIN_NUM_FORMS": 0, "named-MAX_NUM_FORMS": 1000, **rows}


def test_notice_names_institutions_of_its_editors_district_drafts_too() -> None:
    draft, public = house(district("hongqi")), house(district("hongqi"), public=True)

    add(staff(), district=district("hongqi").pk, **named(draft.pk, public.pk))

    page = NoticePage.objects.get()
    assert [row.institution for row in page.named.all()] == [draft, public]
    assert page.named_institutions() == [public]
    assert draft.name not in Client().get(page.url).content.decode()


@pytest.mark.parametrize("public", [True, False])
def test_notice_names_no_institution_of_another_district(public: bool) -> None:
    foreign = house(district("jianxi"), name="别区的园", public=public)

    answer = add(staff(), district=district("hongqi").pk, **named(foreign.pk))

    [row] = answer.context["form"].formsets["named"].forms
    assert row.errors["institution"] == ["请选本区的机构"]
    assert "别区的园" not in answer.content.decode()
    assert not NoticePage.objects.exists()


@pytest.mark.parametrize("key", ["x", str(2**70), "-1"])
def test_what_is_no_institution_is_refused_in_words(key: str) -> None:
    answer = add(staff(), district=district("hongqi").pk, **named(key))

    [row] = answer.context["form"].formsets["named"].forms
    assert (answer.status_code, row.errors["institution"]) == (200, ["请选本区的机构"])


def test_superuser_names_institutions_of_any_district() -> None:
    found = [house(district(slug), public=True) for slug in ("jianxi", "hongqi")]

    add(boss(), district="", **named(*(each.pk for each in found)))

    assert NoticePage.objects.get().named_institutions() == found


def test_institution_that_a_superuser_named_stays_when_staff_edit() -> None:
    foreign = house(district("jianxi"), public=True)
    page = make_notice(district=district("hongqi"))
    row = NoticeInstitution.objects.create(page=page, institution=foreign, sort_order=0)
    data = named(foreign.pk) | {"named-INITIAL_FORMS": 1, "named-0-id": row.pk}

    staff().post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]), body(slug=page.slug, district=page.district_id, **data)
    )

    page = NoticePage.objects.get(pk=page.pk)
    assert (page.title, page.named_institutions()) == ("新公示", [foreign])


def test_form_of_a_notice_lists_no_institutions() -> None:
    names = [house(district(slug), name=f"示例{slug}园").name for slug in ("hongqi", "jianxi")]
    path = reverse("wagtailadmin_pages:add", args=["pages", "noticepage", NoticeIndexPage.objects.get().pk])

    html = staff().get(path).content.decode()

    assert [name in html for name in names] == [False, False]
    assert reverse("choose-institution:choose") in html


def test_the_only_district_is_chosen_already() -> None:
    index = NoticeIndexPage.objects.get()

    form = staff().get(reverse("wagtailadmin_pages:add", args=["pages", "noticepage", index.pk])).context["form"]

    assert form["district"].value() == district("hongqi").pk
    assert list(form.fields["district"].queryset) == [district("hongqi")]


def test_drafts_of_before_and_of_another_district_give_nothing_away() -> None:
    page = page_of("notice", "hongqi")
    revision = page.latest_revision
    content = dict(revision.content)
    del content["district"]
    revision.content = content
    revision.save()
    assert page.get_latest_revision_as_object().district_id == district("hongqi").pk
    assert shown(staff("hongqi"), page, views=("edit",)) == {"edit"}

    revision.content = {**content, "district": district("jianxi").pk}
    revision.save()

    assert [shown(staff(slug), page, views=("edit", "view_draft")) for slug in ("xigong", "jianxi")] == [set(), set()]
    assert shown(signed_in(UserFactory(is_superuser=True)), page, views=("edit",)) == {"edit"}


def test_index_pages_may_be_filled_by_staff_and_are_not_theirs() -> None:
    index = NoticeIndexPage.objects.get()
    browser = staff("xigong")

    assert browser.get(reverse("wagtailadmin_pages:add_subpage", args=[index.pk])).status_code == 302
    assert shown(browser, index) == set()


def test_home_shows_notices_and_guides_of_the_district_and_of_the_site(client: Client) -> None:
    own, shared, other = (make_notice(district=found) for found in (district("xigong"), None, district("jianxi")))
    guide, _other = make_guide(district=district("xigong")), make_guide(district=district("jianxi"))

    answer = client.get("/?district=xigong")

    assert list(answer.context["notices"]) == [shared, own]
    assert list(answer.context["guides"]) == [guide]
    assert other not in answer.context["notices"]


def test_list_of_notices_begins_with_the_districts_and_the_sites(client: Client) -> None:
    own, shared, other = (make_notice(district=found) for found in (district("jianxi"), None, district("xigong")))

    answer = client.get("/notices/")

    assert list(answer.context["notices"].object_list) == [shared, own, other]


def statements(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as kept:
        assert client.get(path).status_code == 200
    return len(kept)


@pytest.mark.parametrize("kind", ["admin", "public"])
def test_lists_take_the_same_statements_for_one_and_three(client: Client, kind: str) -> None:
    index = NoticeIndexPage.objects.get()
    path = reverse("wagtailadmin_explore", args=[index.pk]) if kind == "admin" else "/notices/"
    browser = staff() if kind == "admin" else client
    make_notice(district=district("hongqi"))
    one = statements(browser, path)
    for slug in ("hongqi", "jianxi"):
        make_notice(district=district(slug))

    assert statements(browser, path) == one


@pytest.mark.parametrize("kind", PAGES)
def test_page_of_another_district_is_not_found(kind: str) -> None:
    page = page_of(kind, "hongqi")

    for stranger in (staff("jianxi"), staff("jianxi", "health_commission"), editor()):
        assert statuses(stranger, page) == {404}
        for name, args in (
            ("wagtailadmin_explore", [page.pk]),
            ("wagtailadmin_pages:add_subpage", [page.pk]),
            ("wagtailadmin_pages:move", [page.pk]),
            ("wagtailadmin_choose_page_child", [page.pk]),
            ("wagtailadmin_api:pages:detail", [page.pk]),
        ):
            assert stranger.get(reverse(name, args=args)).status_code == 404
    assert 404 not in statuses(staff("hongqi"), page) | statuses(signed_in(UserFactory(is_superuser=True)), page)


def test_page_of_the_site_is_refused_to_districts_and_found() -> None:
    assert statuses(staff("jianxi"), page_of("notice", None)) == {302}


@pytest.mark.parametrize("action", ["delete", "unpublish", "publish"])
def test_bulk_act_names_no_page_of_another_district(action: str) -> None:
    own, other = page_of("notice", "hongqi"), page_of("notice", "jianxi")
    path = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    browser = staff("hongqi")

    assert browser.get(f"{path}?id={own.pk}").status_code == 200
    assert browser.get(f"{path}?id={own.pk}&id={other.pk}").status_code == 404
    assert browser.get(f"{path}?id={own.pk}&id=x").status_code == 404
    assert browser.get(f"{path}?id={2**70}").status_code == 404


def test_number_larger_than_any_key_is_not_found() -> None:
    assert staff().get(f"/admin/pages/{2**70}/edit/").status_code == 404


def titles_in(client: Client, path: str) -> set[str]:
    answer = client.get(path)
    found = answer.json()["html"] if "json" in answer["Content-Type"] else answer.content.decode()
    return {title for title in ("红旗的草稿", "涧西的草稿", "全站的草稿") if title in found}


def test_lists_and_choosers_leave_out_the_pages_of_other_districts() -> None:
    for slug, title in (("hongqi", "红旗的草稿"), ("jianxi", "涧西的草稿"), (None, "全站的草稿")):
        make_notice(district=district(slug) if slug else None, title=title)
    index = NoticeIndexPage.objects.get().pk
    explorer = reverse("wagtailadmin_explore", args=[index])
    chooser = reverse("wagtailadmin_choose_page_child", args=[index])
    menu = reverse("wagtailadmin_api:pages:listing") + f"?child_of={index}&for_explorer=1"

    own = {"红旗的草稿", "全站的草稿"}
    assert [titles_in(staff(), path) for path in (explorer, chooser)] == [own] * 2
    assert [titles_in(editor(), path) for path in (explorer, chooser)] == [{"全站的草稿"}] * 2
    boss = signed_in(UserFactory(is_superuser=True))
    assert titles_in(boss, explorer) == own | {"涧西的草稿"}
    found = staff().get(menu).json()["items"]
    assert {row["title"] for row in found} == own


@pytest.mark.parametrize("department", ["womens_federation", "maternal_child_health", "health_commission"])
@pytest.mark.parametrize("slug", ["", "privacy", "children-privacy", "accessibility"])
@pytest.mark.parametrize("act", ["action-publish", "save"])
def test_office_makes_no_text_of_the_site(department: str, slug: str, act: str) -> None:
    parent = StandardPage.objects.get(slug=slug) if slug else HomePage.objects.get()
    client = staff(department=department)
    add = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", parent.pk])
    before = Page.objects.count()
    typed = {"title": "说明", "slug": "shuoming", "body-count": "0", "comments-TOTAL_FORMS": 0}

    page = client.get(reverse("wagtailadmin_explore", args=[parent.pk]), follow=True).content.decode()
    answers = [client.get(add), client.post(add, typed | {act: "1"})]
    answers.append(client.get(reverse("wagtailadmin_pages:add_subpage", args=[parent.pk])))

    assert {answer.status_code for answer in answers} <= {302, 403}
    assert (Page.objects.count(), f"/{parent.pk}/add_subpage/" in page) == (before, False)


@pytest.mark.parametrize(
    ("model", "parent"), [("guideindexpage", HomePage), ("noticeindexpage", HomePage), ("policyindexpage", HomePage)]
)
def test_office_makes_no_index(model: str, parent: Any) -> None:
    add = reverse("wagtailadmin_pages:add", args=["pages", model, parent.objects.get().pk])

    assert staff().get(add).status_code in {302, 403}


@pytest.mark.parametrize(("act", "words"), [("action-publish", "请填写这一项。"), ("save", "请选区")])
def test_draft_of_an_office_has_a_district_too(act: str, words: str) -> None:
    add = reverse("wagtailadmin_pages:add", args=["pages", "noticepage", NoticeIndexPage.objects.get().pk])
    client = staff()
    before = Page.objects.count()
    form = client.get(add).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"title": "通知", "district": "", "office": "x"}
    rows = {f"{name}-{key}_FORMS": 0 for name in ("named", "comments") for key in ("TOTAL", "INITIAL")}

    answer = client.post(add, typed | rows | {"body-count": "0", act: "1"})

    assert (answer.status_code, Page.objects.count()) == (200, before)
    assert answer.context["form"].errors["district"] == [words]


@pytest.mark.parametrize(
    ("department", "is_theirs"),
    [("womens_federation", True), ("health_commission", True), ("maternal_child_health", False)],
)
@pytest.mark.parametrize("kind", PAGES)
def test_page_of_an_office_is_changed_by_it_and_by_who_appoints(kind: str, department: str, is_theirs: bool) -> None:
    page = PAGES[kind](district=district("hongqi"), department="womens_federation")
    page.save_revision()

    assert ("edit" in shown(staff(department=department), page, views=("edit",))) is is_theirs
    assert shown(staff("jianxi", "womens_federation"), page) == set()


@pytest.mark.parametrize("department", ["womens_federation", "health_commission", "maternal_child_health"])
def test_new_notice_is_of_the_office_and_signed_by_it(department: str) -> None:
    client = staff(department=department)
    path = reverse("wagtailadmin_pages:add", args=["pages", "noticepage", NoticeIndexPage.objects.get().pk])
    own = Office.objects.get(district=district("hongqi"), department=department)

    signed = client.get(path).context["form"]["office"].value()
    add(client, district=district("hongqi").pk, office=signed)

    page = NoticePage.objects.get()
    assert (signed, page.office, page.department) == (own.public_name, own.public_name, department)


def test_publishing_again_leaves_the_page_to_its_office() -> None:
    add(staff(department="womens_federation"), district=district("hongqi").pk)
    page = NoticePage.objects.get()
    lead = staff(department="health_commission")
    revision = page.latest_revision
    revision.content = {**revision.content, "department": "health_commission"}
    revision.save()

    lead.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), body(slug=page.slug, district=page.district_id))

    page = NoticePage.objects.get()
    assert (page.department, page.get_latest_revision_as_object().department) == ("womens_federation",) * 2


@pytest.mark.parametrize(
    ("department", "is_saved"),
    [("womens_federation", False), ("maternal_child_health", False), ("health_commission", True)],
)
@pytest.mark.parametrize("is_label", [True, False])
def test_nobody_signs_for_another_office(department: str, is_saved: bool, is_label: bool) -> None:
    Office.objects.filter(department="education").update(name="示例教体局")

    answer = add(
        staff(department=department), district=district("hongqi").pk, office="教体" if is_label else "示例教体局"
    )

    assert NoticePage.objects.count() == int(is_saved)
    if not is_saved:
        assert "不能用别的部门的名义发布" in answer.context["form"].errors["office"][0]


def test_words_that_were_there_stay_and_own_names_are_signed() -> None:
    page = make_notice(district=district("hongqi"), office="教体")
    page.save_revision()
    client = staff(department="womens_federation")

    client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        body(slug=page.slug, district=page.district_id, office="教体"),
    )
    add(client, district=district("hongqi").pk, title="第二份", office="妇联")

    assert set(NoticePage.objects.values_list("title", "office")) == {("新公示", "教体"), ("第二份", "妇联")}


@pytest.mark.parametrize(("act", "is_made"), [("action-publish", False), ("save", True)])
def test_notice_without_a_word_stays_a_draft(act: str, is_made: bool) -> None:
    values = body(district=district("hongqi").pk) | {"body-count": "0"}
    del values["action-publish"]
    path = reverse("wagtailadmin_pages:add", args=["pages", "noticepage", NoticeIndexPage.objects.get().pk])

    answer = staff().post(path, values | {act: "1"})

    assert [page.live for page in NoticePage.objects.all()] == [False] * int(is_made)
    if not is_made:
        assert "还没有内容" in str(answer.context["form"].errors["body"])
