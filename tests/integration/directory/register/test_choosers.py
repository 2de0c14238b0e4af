"""Institutions and filings are searched where a form asks for one, each person among their own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.districts.models import District
from directory.districts.services.setup import setup_offices
from directory.register.models import Authorisation, Institution
from tests.factories.directory import AuthorisationFactory, InstitutionFactory
from tests.factories.staff import client_of, grant_data, house, text

pytestmark = pytest.mark.django_db

INSTITUTIONS = "/admin/choose-institution/"
AUTHORISATIONS = "/admin/choose-authorisation/"


def names(client: Client, address: str, **query: str) -> list[str]:
    return [str(row) for row in client.get(address, query).context["results"]]


@pytest.mark.parametrize("address", [INSTITUTIONS, f"{INSTITUTIONS}results/"])
def test_institutions_of_the_district_are_offered_demonstration_first(
    staff: Client, jianxi: District, address: str
) -> None:
    house(jianxi, name="示例甲园")
    shown = house(jianxi, name="示例乙园", public=True)
    Institution.objects.filter(pk=shown.pk).update(is_demonstration=True)
    InstitutionFactory(name="别区的园")

    assert names(staff, address) == ["示例乙园", "示例甲园"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("小满", ["示例小满园"]),
        ("珠江路 小满", ["示例小满园"]),
        ("珠江路 大满", []),
        ("６５５０", ["示例小满园"]),
        ("91410300MA", ["示例小满园"]),
        (" ", ["示例大满园", "示例小满园"]),
        ('"', []),
    ],
)
def test_every_word_must_be_found(staff: Client, jianxi: District, words: str, found: list[str]) -> None:
    house(jianxi, name="示例小满园", address="珠江路1号", phone="0379-65500000", credit_code="91410300MA0000000X")
    house(jianxi, name="示例大满园", address="中州路2号", phone="")

    assert sorted(names(staff, INSTITUTIONS, q=words)) == found


def test_a_chosen_row_must_be_the_persons_own(staff: Client, jianxi: District) -> None:
    own, foreign = house(jianxi), InstitutionFactory()

    assert staff.get(f"{INSTITUTIONS}chosen/{own.pk}/").status_code == 200
    assert staff.get(f"{INSTITUTIONS}chosen/{foreign.pk}/").status_code == 404
    assert staff.get(f"{INSTITUTIONS}chosen-multiple/", {"id": foreign.pk}).status_code == 404


def test_filings_are_found_by_institution_and_number(staff: Client, jianxi: District) -> None:
    AuthorisationFactory(institution=house(jianxi, name="示例小满园"), number="甲-1")
    AuthorisationFactory(institution=house(jianxi, name="示例大满园"), number="乙-2")
    AuthorisationFactory(number="丙-3")

    found = [
        [row.number for row in staff.get(AUTHORISATIONS, {"q": words}).context["results"]]
        for words in ("", "小满", "乙-2", "丙-3")
    ]

    assert [sorted(numbers) for numbers in found] == [["乙-2", "甲-1"], ["甲-1"], ["乙-2"], []]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", [INSTITUTIONS, AUTHORISATIONS])
def test_the_window_costs_the_same(staff: Client, jianxi: District, address: str, count: int) -> None:
    staff.get(address)
    for _ in range(count):
        AuthorisationFactory(institution=house(jianxi))

    with CaptureQueriesContext(connection) as queries:
        staff.get(address)

    assert len(queries) == 9


@pytest.mark.parametrize("address", [INSTITUTIONS, AUTHORISATIONS])
def test_a_stranger_is_sent_to_sign_in(client: Client, address: str) -> None:
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    "path", ["authorisations/new/", "titles/new/", "refusals/new/", "snippets/parenting/classsession/add/"]
)
def test_forms_hold_no_list_of_all_institutions(jianxi: District, path: str) -> None:
    setup_offices(now=timezone.now())
    house(jianxi, name="示例小满园", public=True)

    page = client_of(jianxi, "maternal_child_health").get(f"/admin/{path}")

    assert page.status_code == 200
    assert "示例小满园" not in text(page)


@pytest.mark.parametrize("own", [True, False])
def test_a_filing_is_entered_for_ones_own_institutions_alone(staff: Client, jianxi: District, own: bool) -> None:
    institution = house(jianxi) if own else InstitutionFactory()

    page = staff.post("/admin/authorisations/new/", grant_data(institution))

    assert Authorisation.objects.exists() is own
    assert own or "请选您所在区的机构。" in text(page)


def test_a_link_fills_the_institution_in(staff: Client, jianxi: District) -> None:
    institution = house(jianxi, name="示例小满园")

    filled = text(staff.get("/admin/authorisations/new/", {"institution": institution.pk}))

    assert "示例小满园" in filled
    assert staff.get("/admin/authorisations/new/", {"institution": "x"}).status_code == 200
    assert "别区的园" not in text(
        staff.get("/admin/authorisations/new/", {"institution": InstitutionFactory(name="别区的园").pk})
    )


def test_saving_a_filing_leads_back_to_the_institution(staff: Client, jianxi: District) -> None:
    institution = house(jianxi)

    added = staff.post("/admin/authorisations/new/", grant_data(institution))
    row = Authorisation.objects.get()
    data = grant_data(institution, number="410305-TY-2026-0002")
    corrected = staff.post(f"/admin/authorisations/edit/{row.pk}/", data)

    assert added["Location"] == corrected["Location"] == f"/admin/institutions/edit/{institution.pk}/"


def test_a_public_institution_has_a_link_to_its_page(staff: Client, jianxi: District) -> None:
    shown, hidden = house(jianxi, public=True), house(jianxi)

    pages = [text(staff.get(f"/admin/institutions/edit/{row.pk}/")) for row in (shown, hidden)]

    links = [f'href="/institutions/{row.public_id}/"' for row in (shown, hidden)]
    assert [link in page for link, page in zip(links, pages, strict=True)] == [True, False]


def test_the_search_of_the_menu_finds_institutions_first(staff: Client, jianxi: District) -> None:
    house(jianxi, name="示例小满园")
    house(jianxi, name="示例大满园")

    assert '"/admin/institutions/"' in text(staff.get("/admin/")).split("SearchModule")[1][:200]
    rows = staff.get("/admin/institutions/", {"q": "小满"}).context["object_list"]
    assert [row.name for row in rows] == ["示例小满园"]


def test_a_missing_field_says_what_to_do(staff: Client, jianxi: District) -> None:
    page = text(staff.post("/admin/institutions/new/", {"district": jianxi.pk}))

    assert "请填写这一项。" in page
    assert "必需字段" not in page
