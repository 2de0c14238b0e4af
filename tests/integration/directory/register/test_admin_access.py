"""What stays other districts' and other offices' business in the admin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.core.models import CalendarDay
from directory.districts.models import District, Rule
from directory.register.models import Authorisation, Institution
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import (
    InstitutionProfileFactory,
    PolicyDocumentFactory,
    RefusalFactory,
    RuleFactory,
    TitleFactory,
    TownshipFactory,
)
from tests.factories.staff import client_of, grant_data, house, text

pytestmark = pytest.mark.django_db

NAMES = ("institutions", "authorisations", "titles", "refusals", "districts", "rules", "policy-documents", "townships")


@pytest.mark.parametrize("name", NAMES)
def test_lists_open_and_hide_other_districts(staff: Client, name: str) -> None:
    other = District.objects.get(slug="hongqi")
    foreign = house(other, name="别区托育园", public=True)
    TitleFactory(institution=foreign)
    RefusalFactory(district=other, institution_name="别区托管")

    response = staff.get(reverse(f"{name}:index"))

    assert response.status_code == 200
    for words in ("别区托育园", "别区托管", "红旗区<", "洪门镇"):
        assert words not in text(response)


def foreign_rows(district: District) -> dict[str, Any]:
    institution = house(district, public=True)
    return {
        "institutions": institution,
        "authorisations": institution.authorisations.get(),
        "titles": TitleFactory(institution=institution),
        "refusals": RefusalFactory(district=district),
        "districts": district,
        "rules": RuleFactory(district=district),
        "policy-documents": PolicyDocumentFactory(district=district, is_plan=False),
        "townships": TownshipFactory(district=district),
    }


@pytest.mark.parametrize("name", NAMES)
def test_rows_of_another_district_are_404(staff: Client, name: str) -> None:
    row = foreign_rows(District.objects.get(slug="hongqi"))[name]

    for view in ("edit", "history"):
        assert staff.get(reverse(f"{name}:{view}", args=[row.pk])).status_code == 404
        assert staff.post(reverse(f"{name}:{view}", args=[row.pk]), {}).status_code == 404


@pytest.mark.parametrize("act", ["invite", "rectify", "rectified", "end"])
def test_acts_on_another_districts_institution_are_404(staff: Client, act: str) -> None:
    foreign = house(District.objects.get(slug="hongqi"), public=True)

    assert staff.post(reverse(f"institutions:{act}", args=[foreign.pk]), {}).status_code == 404


@pytest.mark.parametrize("address", ["/admin/institutions/", "/admin/authorisations/new/", "/admin/refusals/"])
def test_strangers_are_sent_to_sign_in(client: Client, jianxi: District, address: str) -> None:
    assert client.get(address).url.startswith("/staff/sign-in/")
    client.force_login(StaffUserFactory())
    assert client.get(address).status_code in (302, 403)


@pytest.mark.parametrize("name", [*NAMES, "calendar-days"])
def test_edit_pages_open(staff: Client, jianxi: District, name: str) -> None:
    rows = foreign_rows(jianxi) | {
        "calendar-days": CalendarDay.objects.create(
            date=dt.date(2027, 1, 1), kind="holiday", name="元旦", source="通知"
        )
    }

    assert staff.get(reverse(f"{name}:edit", args=[rows[name].pk])).status_code == 200
    assert staff.get(reverse(f"{name}:history", args=[rows[name].pk])).status_code == 200


def test_institution_of_another_district_cant_be_entered(staff: Client) -> None:
    other = District.objects.get(slug="hongqi")

    response = staff.post(
        reverse("institutions:add"),
        {"district": other.pk, "name": "示例园", "address": "路1号", "places": 1, "inclusive_places": 0},
    )

    assert response.status_code == 200
    assert not Institution.objects.exists()


def test_authorisation_of_another_districts_institution_is_refused(staff: Client) -> None:
    foreign = house(District.objects.get(slug="hongqi"))

    response = staff.post(reverse("authorisations:add"), grant_data(foreign))

    assert response.status_code == 200
    assert not Authorisation.objects.exists()


def test_profile_of_another_district_is_404(staff: Client) -> None:
    foreign = InstitutionProfileFactory(institution=house(District.objects.get(slug="hongqi"), public=True))
    namespace = "wagtailsnippets_directory_institutionprofile"

    assert staff.get(reverse(f"{namespace}:edit", args=[foreign.pk])).status_code == 404
    assert staff.get(reverse(f"{namespace}:preview_on_edit", args=[foreign.pk])).status_code == 404
    assert foreign.institution.name not in text(staff.get(reverse(f"{namespace}:list")))


def test_department_without_the_right_is_refused(jianxi: District) -> None:
    client = client_of(jianxi, "maternal_child_health")
    rule = jianxi.rules.first()

    for address in (reverse("district-staff:add"), reverse("rules:edit", args=[rule.pk])):
        assert client.get(address).status_code == 302
    assert client.post(reverse("rules:remove", args=[rule.pk])).status_code in (302, 403)
    assert Rule.objects.filter(pk=rule.pk).exists()
    assert client.get(reverse("authorisations:index")).status_code == 200


def test_start_page_counts_what_waits(staff: Client, jianxi: District) -> None:
    house(jianxi, public=True)
    house(jianxi)

    html = text(staff.get("/admin/"))

    assert "涧西区：公开 1 家" in html
    assert "红旗区" not in html
    assert "1 家还没有公开" in html
    assert "1 家公开机构还没有负责人账号" in html


@pytest.mark.parametrize("name", ["institutions", "authorisations", "titles", "refusals"])
def test_queries_of_lists(staff: Client, jianxi: District, name: str) -> None:
    counts = []
    for count in (1, 3):
        while Institution.objects.count() < count:
            institution = house(jianxi, public=True)
            TitleFactory(institution=institution)
            RefusalFactory(district=jianxi)
        address = reverse(f"{name}:index")
        staff.get(address)
        with CaptureQueriesContext(connection) as queries:
            staff.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("department", ["womens_federation", "education", "commerce", "street_office"])
def test_office_that_changes_nothing_reads_an_institution(jianxi: District, department: str) -> None:
    institution = house(jianxi, name="示例托育园", public=True, places=37)
    reader = client_of(jianxi, department)
    facts = reverse("institutions:inspect", args=[institution.pk])

    shared = reader.get(reverse("institutions:edit", args=[institution.pk]))
    page = text(reader.get(facts))

    assert shared.url == facts
    assert f'href="{facts}"' in text(reader.get(reverse("institutions:index")))
    for words in ("示例托育园", institution.address, "37", institution.authorisations.get().number):
        assert words in page
    assert reverse("institutions:history", args=[institution.pk]) in page
    assert reverse("authorisations:add") not in page
    assert "机构人员" not in page


def test_reading_shows_what_changed_nothing_and_posting_is_refused(jianxi: District) -> None:
    institution = house(jianxi, name="示例托育园", public=True)
    reader = client_of(jianxi, "commerce")

    answer = reader.post(reverse("institutions:edit", args=[institution.pk]), {"name": "别的名字"})

    assert answer.status_code == 302
    assert Institution.objects.get(pk=institution.pk).name == "示例托育园"


def test_facts_of_another_district_and_for_strangers(jianxi: District, client: Client) -> None:
    foreign = house(District.objects.get(slug="hongqi"), public=True)
    facts = reverse("institutions:inspect", args=[foreign.pk])

    assert client_of(jianxi, "commerce").get(facts).status_code == 404
    assert client_of(jianxi, "health_commission").get(facts).status_code == 404
    assert client.get(facts).url.startswith("/staff/sign-in/")


def test_who_may_change_is_led_to_the_form(staff: Client, jianxi: District) -> None:
    institution = house(jianxi, public=True)
    edit = reverse("institutions:edit", args=[institution.pk])

    assert staff.get(edit).status_code == 200
    assert f'href="{edit}"' in text(staff.get(reverse("institutions:index")))
