"""Every view of the admin that names a row, opened by the staff of another district: 404, whatever the view does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.admin import urls
from wagtail.admin.models import EditingSession
from wagtail.admin.viewsets import viewsets

from cms.accounts.models import User
from directory.districts.models import District, DistrictStaff, Office
from directory.register.services.invites import invite_manager
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    DistrictStaffFactory,
    InstitutionMemberFactory,
    InstitutionProfileFactory,
    PolicyDocumentFactory,
    RefusalFactory,
    RuleFactory,
    TitleFactory,
    TownshipFactory,
)
from tests.factories.parenting import ClassSessionFactory
from tests.factories.staff import house, signed_in, text

pytestmark = pytest.mark.django_db
ROOTS = ("directory", "booking", "parenting")

Rows = dict[str, Any]
ROWS: dict[str, Callable[[District], Any]] = {
    "District": lambda district: district,
    "PolicyDocument": lambda district: PolicyDocumentFactory(district=district, is_plan=False),
    "Office": lambda district: Office.objects.get(district=district, department="education"),
    "Rule": lambda district: RuleFactory(district=district),
    "DistrictStaff": lambda district: DistrictStaffFactory(district=district, user=StaffUserFactory()),
    "Township": lambda district: TownshipFactory(district=district),
    "Institution": lambda district: house(district, name="名称托育园", public=True),
    "InstitutionProfile": lambda district: InstitutionProfileFactory(
        institution=house(district, name="名称托育园", public=True)
    ),
    "Authorisation": lambda district: house(district, public=True).authorisations.get(),
    "Title": lambda district: TitleFactory(institution=house(district, public=True)),
    "Refusal": lambda district: RefusalFactory(district=district),
    "InstitutionMember": lambda district: InstitutionMemberFactory(
        institution=house(district, public=True), user=StaffUserFactory()
    ),
    "StaffInvite": lambda district: invite_manager(
        institution=house(district, public=True), actor=StaffUserFactory(), now=timezone.now()
    )[0],
    "ClassSession": lambda district: ClassSessionFactory(district=district, title="名称课堂"),
}
#: What opens for a row where it is not its form and its history.
VIEWS = {
    "DistrictStaff": {"end", "history", "reset"},
    "InstitutionMember": {"end", "name", "reset"},
    "StaffInvite": {"back", "link"},
}
SNIPPETS = {"InstitutionProfile": "directory_institutionprofile", "ClassSession": "parenting_classsession"}


def row_views() -> list[tuple[str, str]]:
    """(model, address with the row's key left open) of every view of our viewsets that names a row."""
    found = []
    assert urls.urlpatterns  # Wagtail registers the viewsets as its addresses are made
    for viewset in viewsets.viewsets:
        model = getattr(viewset, "model", None)
        if not isinstance(model, type) or not model.__module__.startswith(ROOTS):
            continue
        for pattern in viewset.get_urlpatterns():
            if "pk" in pattern.pattern.converters:
                found.append((model.__name__, f"{viewset.url_namespace}:{pattern.name}"))
    return sorted(found)


def addresses(name: str, pk: object) -> str:
    """The address of a view of one row; other numbers in it are of nothing."""
    for extra in ((), ("1", "2"), ("1",), ("approve", "1")):
        try:
            return reverse(name, args=[pk, *extra])
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def person_of(district: District) -> User:
    """Somebody of one district with every permission that the admin asks for."""
    user = StaffUserFactory()
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=("directory", "districts", "parenting", "core"))
        | Permission.objects.filter(codename="access_admin")
    )
    DistrictStaffFactory(district=district, user=user, department=DistrictStaff.Department.HEALTH_COMMISSION)
    return user


@pytest.fixture
def districts(laid_districts: None) -> tuple[District, District]:
    return District.objects.get(slug="jianxi"), District.objects.get(slug="hongqi")


@pytest.fixture
def client_(districts: tuple[District, District]) -> Client:
    return signed_in(person_of(districts[0]))


@pytest.mark.parametrize("model", sorted(ROWS))
def test_no_view_of_a_foreign_row_answers(client_: Client, districts: tuple[District, District], model: str) -> None:
    row = ROWS[model](districts[1])
    names = [name for named, name in row_views() if named == model]

    answers = {
        (name, method): getattr(client_, method)(addresses(name, row.pk)).status_code
        for name in names
        for method in ("get", "post")
    }

    assert len(names) >= 2
    assert answers == dict.fromkeys(answers, 404)


@pytest.mark.parametrize("model", sorted(ROWS))
def test_the_same_views_answer_for_a_row_of_the_district(
    client_: Client, districts: tuple[District, District], model: str
) -> None:
    row = ROWS[model](districts[0])
    names = {name.rpartition(":")[2]: name for named, name in row_views() if named == model}
    views = VIEWS.get(model, {"edit", "history"})

    answers = {view: client_.get(addresses(names[view], row.pk)).status_code for view in views}

    assert answers == dict.fromkeys(views, 200)


@pytest.mark.parametrize("view", ["edit", "history"])
def test_a_key_larger_than_any_is_no_row(client_: Client, view: str) -> None:
    assert client_.get(reverse(f"institutions:{view}", args=["9" * 30])).status_code == 404


def test_every_model_of_the_admin_was_tried() -> None:
    assert {model for model, _name in row_views()} == ROWS.keys()


@pytest.mark.parametrize("model", sorted(SNIPPETS))
def test_choosers_offer_and_name_no_foreign_row(
    client_: Client, districts: tuple[District, District], model: str
) -> None:
    own, foreign = (ROWS[model](district) for district in districts)
    chooser = f"wagtailsnippetchoosers_{SNIPPETS[model]}"

    for view in ("choose", "choose_results"):
        html = text(client_.get(reverse(f"{chooser}:{view}")))
        assert reverse(f"{chooser}:chosen", args=[own.pk]) in html.replace("\\/", "/")
        assert reverse(f"{chooser}:chosen", args=[foreign.pk]) not in html.replace("\\/", "/")
    assert client_.get(reverse(f"{chooser}:chosen", args=[own.pk])).status_code == 200
    assert client_.get(reverse(f"{chooser}:chosen", args=[foreign.pk])).status_code == 404
    assert client_.get(reverse(f"{chooser}:chosen", args=["none"])).status_code == 404
    several = reverse(f"{chooser}:chosen_multiple")
    assert client_.get(several, {"id": [own.pk]}).status_code == 200
    assert client_.get(several, {"id": [own.pk, foreign.pk]}).status_code == 404


@pytest.mark.parametrize("model", sorted(SNIPPETS))
def test_who_edits_a_foreign_row_is_not_told(client_: Client, districts: tuple[District, District], model: str) -> None:
    own, foreign = (ROWS[model](district) for district in districts)

    def ping(pk: object) -> int:
        app, _, name = SNIPPETS[model].partition("_")
        return client_.post(reverse("wagtailadmin_editing_sessions:ping", args=[app, name, pk, 0])).status_code

    assert (ping(own.pk), ping(foreign.pk), ping("none")) == (200, 404, 404)
    assert list(EditingSession.objects.values_list("object_id", flat=True)) == [str(own.pk)]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("model", sorted(SNIPPETS))
def test_bulk_actions_touch_no_foreign_row(
    client_: Client, districts: tuple[District, District], model: str, method: str
) -> None:
    own, foreign = (ROWS[model](district) for district in districts)
    app, _, name = SNIPPETS[model].partition("_")
    address = reverse("wagtail_bulk_action", args=[app, name, "delete"])

    for named in (f"id={foreign.pk}", f"id={own.pk}&id={foreign.pk}", "id=all", "id=none"):
        assert getattr(client_, method)(f"{address}?{named}").status_code == 404
    assert type(own).objects.filter(pk__in=[own.pk, foreign.pk]).count() == 2
    assert client_.get(f"{address}?id={own.pk}").status_code == (200 if model == "ClassSession" else 404)


def test_profiles_are_not_deleted_in_bulk(districts: tuple[District, District]) -> None:
    client = signed_in(StaffUserFactory(is_superuser=True))
    profile = ROWS["InstitutionProfile"](districts[0])
    address = reverse("wagtail_bulk_action", args=["directory", "institutionprofile", "delete"])

    assert client.post(f"{address}?id={profile.pk}").status_code == 404
    assert type(profile).objects.get() == profile


def test_filters_offer_the_persons_districts(client_: Client, districts: tuple[District, District]) -> None:
    ROWS["ClassSession"](districts[0])

    for name in ("authorisations:index", "wagtailsnippets_parenting_classsession:list"):
        html = text(client_.get(reverse(name)))
        assert districts[0].name in html
        assert districts[1].name not in html


def test_a_superuser_sees_every_district(districts: tuple[District, District]) -> None:
    client = signed_in(StaffUserFactory(is_superuser=True))
    profile = ROWS["InstitutionProfile"](districts[1])
    chooser = f"wagtailsnippetchoosers_{SNIPPETS['InstitutionProfile']}"
    bulk = reverse("wagtail_bulk_action", args=["parenting", "classsession", "delete"])
    ROWS["ClassSession"](districts[1])

    assert client.get(reverse(f"{chooser}:chosen", args=[profile.pk])).status_code == 200
    assert client.get(f"{bulk}?id=all").status_code == 200
    assert client.get(reverse("institutions:edit", args=[profile.institution_id])).status_code == 200


def test_a_stranger_is_sent_to_sign_in(client: Client, districts: tuple[District, District]) -> None:
    profile = ROWS["InstitutionProfile"](districts[1])
    chooser = f"wagtailsnippetchoosers_{SNIPPETS['InstitutionProfile']}"
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["directory", "institutionprofile", profile.pk, 0])

    for address in (reverse(f"{chooser}:chosen", args=[profile.pk]), ping):
        assert client.post(address).status_code == 302


def test_pages_keep_their_own_permissions(districts: tuple[District, District]) -> None:
    client = signed_in(StaffUserFactory(is_superuser=True))
    ping = reverse("wagtailadmin_editing_sessions:ping", args=["wagtailcore", "page", 1, 0])

    assert client.post(ping).status_code in (200, 404)
    assert client.post(ping.replace("wagtailcore/page", "nothing/page")).status_code == 404


@pytest.mark.parametrize("model", sorted(ROWS))
def test_list_leads_to_the_form_of_whoever_may_open_it(
    client_: Client, districts: tuple[District, District], model: str
) -> None:
    row = ROWS[model](districts[0])
    edits = [name for named, name in row_views() if named == model and name.endswith(":edit")]

    for name in edits:
        listing = text(client_.get(reverse(f"{name.partition(':')[0]}:{'list' if model in SNIPPETS else 'index'}")))
        assert f'href="{reverse(name, args=[row.pk])}"' in listing, name
    assert bool(edits) == (model not in VIEWS)
