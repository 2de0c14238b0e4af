"""Refusals and the districts' figures, as pages and in the API."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.directory import (
    AuthorisationFactory,
    InstitutionFactory,
    RefusalFactory,
)
from tests.factories.pages import make_draft_plan

pytestmark = pytest.mark.django_db

LIST = "/institutions/refusals/"
API = "/api/v1/refusals"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_stranger_reads_reasons_rule_and_source(client: Client) -> None:
    refusal = RefusalFactory(reasons="场地证明的租期不满 3 年。")

    html = text(client, LIST)

    for words in (refusal.institution_name, refusal.reasons, refusal.rule, refusal.source_title, refusal.office):
        assert words in html


def test_unpublished_refusal_is_not_shown(client: Client) -> None:
    refusal = RefusalFactory(published_at=None)

    assert refusal.institution_name not in text(client, LIST)
    assert client.get(API).json()["count"] == 0


def test_list_of_one_district(client: Client) -> None:
    here, there = RefusalFactory(), RefusalFactory()

    html = text(client, f"{LIST}?district={here.district.slug}")

    assert here.institution_name in html
    assert there.institution_name not in html
    assert client.get(f"{API}?district={there.district.slug}").json()["count"] == 1


@pytest.mark.parametrize("query", ["?district=nowhere&page=x", "?page=99", "?page=-1"])
def test_odd_questions_get_a_page(client: Client, query: str) -> None:
    RefusalFactory()

    assert "示例托管中心" in text(client, LIST + query)


def test_empty_list_says_so(client: Client) -> None:
    assert "还没有公开的记录" in text(client, LIST)


def test_later_success_is_linked_while_it_is_public(client: Client) -> None:
    institution = InstitutionFactory(public=True)
    later = institution.authorisations.get()
    refusal = RefusalFactory(later_authorisation=later, institution=institution)

    html = text(client, LIST)
    answer = client.get(API).json()["results"][0]["later"]

    assert "后来已通过" in html
    assert institution.get_absolute_url() in html
    assert answer == {"institution": institution.public_id, "date": "2025-03-01"}
    assert refusal.institution_name in html


def test_unpublished_later_success_is_not_told(client: Client) -> None:
    later = AuthorisationFactory(published_at=None, publish=False)
    RefusalFactory(later_authorisation=later)

    assert "后来已通过" not in text(client, LIST)
    assert client.get(API).json()["results"][0]["later"] is None


def test_draft_district_is_marked_at_its_refusals(client: Client) -> None:
    make_draft_plan(RefusalFactory().district)

    assert "方案为征求意见稿" in text(client, LIST)


@pytest.mark.parametrize("address", [LIST, API])
def test_queries_of_the_list(client: Client, address: str) -> None:
    counts = []
    for count in (1, 3):
        while client.get(API).json()["count"] < count:
            institution = InstitutionFactory(public=True)
            RefusalFactory(institution=institution, later_authorisation=institution.authorisations.get())
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts == [{LIST: 2, API: 2}[address]] * 2


def test_api_page_after_the_last_is_empty(client: Client) -> None:
    RefusalFactory()

    assert client.get(f"{API}?page=5").json() == {"count": 1, "page": 5, "results": []}


@pytest.mark.parametrize("query", ["page=0", "page_size=201", "page=x"])
def test_api_refuses_wrong_pages(client: Client, query: str) -> None:
    assert client.get(f"{API}?{query}").status_code == 422


def test_api_record_has_source_and_date_everywhere(client: Client) -> None:
    institution = InstitutionFactory(public=True, credit_code="52410702000000000L", nature="non_profit")

    answer = client.get(f"/api/v1/institutions/{institution.public_id}").json()

    assert answer["authorisation"]["source"] == {"title": "示例名单", "url": "", "date": "2025-03-01"}
    assert answer["registration"]["credit_code"] == "52*************00L"
    assert answer["places"] == {
        "total": 60,
        "inclusive": 20,
        "source": {"title": "备案材料", "url": "", "date": "2025-03-01"},
    }
    assert answer["location"] == "34.660000,112.400000"
    assert answer["booking_policy"]["data"]["opens_days_ahead"] == 14
    assert dt.datetime.fromisoformat(answer["as_of"]).utcoffset() == dt.timedelta(hours=8)


@pytest.mark.parametrize("public_id", ["unknown", "draft"])
def test_api_of_what_is_not_public_is_404(client: Client, public_id: str) -> None:
    wanted = InstitutionFactory().public_id if public_id == "draft" else public_id

    response = client.get(f"/api/v1/institutions/{wanted}")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")
