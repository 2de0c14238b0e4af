"""What no person types: days at the ends of the calendar, NUL bytes, halves of characters, unknown calls."""

from __future__ import annotations

import json

import pytest
from django.test import Client, override_settings

from cms.core.web import views
from cms.workbench.urls import DateConverter
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db
EDGES = ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize("day", EDGES)
@pytest.mark.parametrize(
    "call",
    [
        "institutions?date={}",
        "institutions/{{id}}/availability?start={}",
        "institutions/{{id}}/offers?age_months=17&date={}",
        "classes?from={}",
        "classes?to={}",
    ],
)
def test_days_at_the_ends_of_the_calendar_are_input_errors(client: Client, call: str, day: str) -> None:
    house = InstitutionFactory(public=True)

    response = client.get("/api/v1/" + call.format(day).replace("{id}", house.public_id))

    assert (response.status_code, response.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("day", EDGES)
def test_pages_leave_such_a_day_out(client: Client, day: str) -> None:
    house = InstitutionFactory(public=True)

    assert client.get(f"/institutions/{house.public_id}/", {"date": day}).status_code == 200
    with pytest.raises(ValueError, match=day):
        DateConverter().to_python(day)


@pytest.mark.parametrize("path", ["institutions/a%00b", "classes/%00", "institutions/%00/offers?age_months=17"])
def test_a_nul_in_an_address_is_not_found(client: Client, path: str) -> None:
    response = client.get(f"/api/v1/{path}")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_nul_in_a_query_names_its_parameter(client: Client) -> None:
    response = client.get("/api/v1/refusals?district=a%00b")

    assert response.status_code == 422
    assert list(response.json()["fields"]) == ["district"]


@pytest.mark.parametrize("phone", ['"\\u0000"', '"1\\ud800"', '["a", {"\\u0000": 1}]'])
def test_text_no_database_keeps_is_an_input_error(client: Client, phone: str) -> None:
    body = f'{{"phone": {phone}}}'

    response = client.post("/api/v1/sessions/code", body, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (422, "invalid")


def test_an_ordinary_escape_is_no_error(client: Client) -> None:
    response = client.post(
        "/api/v1/sessions/code", '{"phone": "x\\u8c46\\ud83d\\ude00"}', content_type="application/json"
    )

    assert list(response.json()["fields"]) == ["phone"]


def test_an_unknown_call_by_post_answers_json() -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/api/v1/bookings/a%2Fb/confirm")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_the_address_of_a_button_says_what_to_do(client: Client) -> None:
    response = client.get("/me/messages/read/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "请从页面上点按钮" in response.content.decode()


def test_a_method_that_does_not_exist_answers_json(client: Client) -> None:
    response = client.put("/api/v1/refusals")

    assert (response.status_code, response.json()["code"], response["Allow"]) == (405, "method_not_allowed", "GET")


def test_when_something_breaks_the_api_keeps_its_shape(rf) -> None:
    response = views.server_error(rf.get("/api/v1/institutions"))

    assert response.status_code == 500
    assert json.loads(response.content)["code"] == "error"
    assert "<html" in views.server_error(rf.get("/institutions/")).content.decode()


@override_settings(METRICS_TOKEN="s3cret")
def test_a_strange_metrics_token_is_only_wrong(client: Client) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer é"}).status_code == 404
