"""Every error of the API has one shape."""

from __future__ import annotations

import json
import logging

import pytest
from django.http import Http404
from django.test import RequestFactory
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from cms import api as site_api
from cms.core.errors import Refused

REQUEST = RequestFactory().get("/api/v1/x")


def answer(problem: Exception) -> tuple[int, dict]:
    response = site_api.api.on_exception(REQUEST, problem)
    return response.status_code, json.loads(response.content)


def test_refused_tells_code_fields_and_more() -> None:
    refusal = Refused("已约满。", code="full", fields={"starts_at": "换个时间"}, alternatives=[])

    assert answer(refusal) == (
        409,
        {"code": "full", "message": "已约满。", "fields": {"starts_at": "换个时间"}, "alternatives": []},
    )


@pytest.mark.parametrize(
    ("problem", "status", "code"),
    [
        (HttpError(400, "Cannot parse request body"), 400, "not_json"),
        (AuthenticationError(), 401, "unauthorised"),
        (HttpError(403, "no"), 403, "not_allowed"),
        (Http404(), 404, "not_found"),
        (Throttled(wait=3), 429, "too_many"),
    ],
)
def test_errors_of_the_framework_have_the_same_shape(problem: Exception, status: int, code: str) -> None:
    got_status, body = answer(problem)

    assert (got_status, body["code"], set(body)) == (status, code, {"code", "message"})


def test_validation_names_the_callers_fields() -> None:
    errors = [
        {"type": "missing", "loc": ("body", "payload", "birth_date"), "msg": ""},
        {"type": "int_parsing", "loc": ("query", "page"), "msg": ""},
    ]

    status, body = answer(ValidationError(errors))

    assert (status, body["code"]) == (422, "invalid")
    assert body["fields"] == {"birth_date": "请填写。", "page": "格式不对。"}


@pytest.mark.django_db
def test_openapi_is_public_and_has_no_docs_page(client) -> None:
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")
    assert client.get("/api/v1/docs").status_code == 404


@pytest.mark.django_db
def test_answers_of_different_calls_are_described_apart(client) -> None:
    """Two schemas of one name would be described as one: a token and a class session once were."""
    described = client.get("/api/v1/openapi.json").json()

    def names(shape: dict) -> set[str]:
        return set(described["components"]["schemas"][shape["$ref"].rsplit("/")[-1]]["properties"])

    def answer(path: str, method: str, status: str) -> dict:
        return described["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]

    assert names(answer("/api/v1/sessions", "post", "201")) == {"token", "expires_at"}
    page = described["components"]["schemas"]["SessionList"]["properties"]
    assert {"title", "starts_at", "capacity"} < names(page["results"]["items"])


@pytest.mark.django_db
def test_unknown_call_answers_json(client, caplog) -> None:
    with caplog.at_level(logging.WARNING):
        response = client.get("/api/v1/nothing")

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"
