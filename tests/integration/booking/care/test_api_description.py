from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.booking import booked, open_house, toddler

pytestmark = pytest.mark.django_db
CALLS = {
    ("/api/v1/institutions/{institution}/availability", "get"): {"200", "401", "404", "422", "429"},
    ("/api/v1/institutions/{institution}/offers", "get"): {"200", "401", "404", "422", "429"},
    ("/api/v1/bookings", "get"): {"200", "401", "422", "429"},
    ("/api/v1/bookings", "post"): {"200", "201", "400", "401", "403", "404", "409", "422", "429"},
    ("/api/v1/bookings/{booking}", "get"): {"200", "401", "404", "422", "429"},
    ("/api/v1/bookings/{booking}/confirm", "post"): {"200", "401", "404", "409", "422", "429"},
    ("/api/v1/bookings/{booking}/cancel", "post"): {"200", "401", "404", "409", "422", "429"},
}


@pytest.fixture
def description():
    return Client().get("/api/v1/openapi.json").json()


@pytest.mark.parametrize(("path", "method"), CALLS)
def test_every_answer_of_a_call_is_described(description, path, method):
    call = description["paths"][path][method]

    assert set(call["responses"]) == CALLS[path, method]
    refusals = [answer for status, answer in call["responses"].items() if status >= "400"]
    shapes = {answer["content"]["application/json"]["schema"]["$ref"].rsplit("/")[-1] for answer in refusals}
    assert shapes <= {"Problem", "FullProblem"}


def test_no_call_leaves_its_common_errors_out(description):
    for path, calls in description["paths"].items():
        for method, call in calls.items():
            wanted = {"401", "422", "429"} | ({"404"} if "{" in path else set())
            wanted |= {"400", "403"} if "requestBody" in call else set()

            assert wanted <= set(call["responses"]), (path, method)


def test_key_and_token_are_described(description):
    call = description["paths"]["/api/v1/bookings"]["post"]

    assert [(p["in"], p["name"]) for p in call["parameters"]] == [("header", "Idempotency-Key")]
    assert list(call["security"][0]) == ["SessionTokenAuth"]


def test_answer_has_exactly_the_described_names(description, call):
    house = open_house()
    user, child = toddler()
    booking = booked(house, user=user, child=child)
    shape = description["components"]["schemas"]["BookingOut"]

    answer = call(user).get(f"bookings/{booking.public_id}").json()

    assert set(answer) <= set(shape["properties"])
    assert set(shape["required"]) <= set(answer)


def test_body_that_is_not_json_is_400(call):
    user, _child = toddler()

    answer = call(user).client.post("/api/v1/bookings", "{", content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")
