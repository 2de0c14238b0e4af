"""Request ids, policies, the visitor's display, and a page in place of a blank 405."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory

from cms.core.web import metrics, middleware
from cms.core.web.middleware import (
    ContentPolicyMiddleware,
    DisplayMiddleware,
    RequestIdMiddleware,
    StepPageMiddleware,
    current_request_id,
)

Answer = Callable[[HttpRequest], HttpResponse]


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("a" * 7, False),
        ("a" * 8, True),
        ("A-0" * 21 + "z", True),  # 64 characters
        ("a" * 65, False),
        ("abc/defgh", False),
        ("abcdefgh\n", False),
        ("", False),
    ],
)
def test_id_of_a_proxy_is_taken_if_it_is_well_formed(given: str, taken: bool) -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_request_id.get())
        return HttpResponse()

    response = RequestIdMiddleware(view)(RequestFactory().get("/", HTTP_X_REQUEST_ID=given))

    assert (response["X-Request-Id"] == given, seen) == (taken, [response["X-Request-Id"]])
    assert taken or len(response["X-Request-Id"]) == 16
    assert current_request_id.get() == ""


def test_id_is_gone_after_a_request_that_broke() -> None:
    with pytest.raises(ZeroDivisionError):
        RequestIdMiddleware(lambda request: 1 / 0)(RequestFactory().get("/"))

    assert current_request_id.get() == ""


@pytest.mark.parametrize(
    ("path", "relaxed"), [("/admin/", True), ("/admin", False), ("/", False), ("/x/admin/", False)]
)
def test_policy_is_relaxed_under_the_admin_alone(path: str, relaxed: bool) -> None:
    response = ContentPolicyMiddleware(plain)(RequestFactory().get(path))

    assert ("unsafe-inline" in response["Content-Security-Policy"]) is relaxed


def test_policy_of_the_answer_itself_stays() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    assert ContentPolicyMiddleware(view)(RequestFactory().get("/"))["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize(
    ("cookies", "large", "slug"),
    [
        ({}, False, ""),
        ({"type": "large", "district": "jianxi"}, True, "jianxi"),
        ({"type": "Large", "district": "JIANXI"}, False, ""),
        ({"type": "normal", "district": "a" * 40}, False, "a" * 40),
        ({"district": "a" * 41}, False, ""),
        ({"district": "../x"}, False, ""),
    ],
)
def test_display_comes_from_two_cookies(cookies: dict[str, str], large: bool, slug: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)

    response = DisplayMiddleware(plain)(request)

    assert (request.large_type, request.district_slug, response.content) == (large, slug, b"x")


def not_allowed(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotAllowed(["POST"])


def not_allowed_in_words(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotAllowed(["POST"], content="words")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "view", "status", "gets_page"),
    [
        ("get", not_allowed, 405, True),
        ("put", not_allowed, 405, False),
        ("get", not_allowed_in_words, 405, False),
        ("get", plain, 200, False),
    ],
)
def test_blank_405_becomes_a_page_for_who_opens_the_address(
    method: str, view: Answer, status: int, gets_page: bool
) -> None:
    request = getattr(RequestFactory(), method)("/x/")
    DisplayMiddleware(plain)(request)

    response = StepPageMiddleware(view)(request)

    assert (response.status_code, b"<html" in response.content) == (status, gets_page)
    assert response.get("Allow") == ("POST" if status == 405 else None)


def test_answers_are_counted_by_view_and_status() -> None:
    counter = metrics.REQUESTS.labels("unnamed", "200")
    before, timed = counter._value.get(), metrics.SECONDS._sum.get()

    metrics.MetricsMiddleware(plain)(RequestFactory().get("/"))

    assert counter._value.get() == before + 1
    assert 0 < metrics.SECONDS._sum.get() - timed < 60


def test_names_of_cookies_are_those_the_pages_set() -> None:
    assert (middleware.TYPE_COOKIE, middleware.LARGE, middleware.DISTRICT_COOKIE) == ("type", "large", "district")


def test_seconds_are_counted_in_these_steps() -> None:
    text = metrics.exposition()[0].decode()
    steps = [line.split('"')[1] for line in text.splitlines() if line.startswith("tuoyu_request_seconds_bucket")]

    assert steps == ["0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "+Inf"]
