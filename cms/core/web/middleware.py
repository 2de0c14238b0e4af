"""Request id, content security policy, and how the visitor wants the pages shown."""

from __future__ import annotations

import contextvars
import re
import secrets
from collections.abc import Callable
from http import HTTPStatus

from csp.constants import HEADER as CSP_HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

GetResponse = Callable[[HttpRequest], HttpResponse]
ADMIN_PREFIX = "/admin/"
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
DISTRICT_SLUG = re.compile(r"[a-z0-9-]{1,40}")
TYPE_COOKIE = "type"
LARGE = "large"
DISTRICT_COOKIE = "district"

current_request_id: contextvars.ContextVar[str] = contextvars.ContextVar("current_request_id", default="")


class RequestIdMiddleware:
    """Give every request an id, for its log lines and the response header; an id set by a proxy is used as it is."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the id for the length of the request."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        token = current_request_id.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-Id"] = request_id
        return response


class ContentPolicyMiddleware:
    """Strict policy on the public site; under the admin the relaxed one that Wagtail needs.

    No answer asks for a policy of its own, so django-csp words the two once.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.policy = str(build_policy())
        self.admin_policy = str(build_policy(config=settings.ADMIN_CONTENT_POLICY))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header."""
        response = self.get_response(request)
        is_admin = request.path_info.startswith(ADMIN_PREFIX)
        response.headers.setdefault(CSP_HEADER, self.admin_policy if is_admin else self.policy)
        return response


class DisplayMiddleware:
    """`request.large_type` and `request.district_slug` from the visitor's cookies.

    `district_slug` is only well formed: whether such a district exists is the directory's question.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Read the two cookies."""
        slug = request.COOKIES.get(DISTRICT_COOKIE, "")
        request.large_type = request.COOKIES.get(TYPE_COOKIE) == LARGE  # type: ignore[attr-defined]  # ours
        request.district_slug = slug if DISTRICT_SLUG.fullmatch(slug) else ""  # type: ignore[attr-defined]  # ours
        return self.get_response(request)


class StepPageMiddleware:
    """Render a page when someone GETs a POST-only URL (after signing in again or reloading); Django's 405 is blank."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Replace the empty response by a page that keeps its `Allow` header."""
        response = self.get_response(request)
        blank = response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content
        if not blank or request.method != "GET":
            return response
        page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        page["Allow"] = response["Allow"]
        return page
