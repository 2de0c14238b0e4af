"""The JSON API of `/api/v1/`: one object, to which every app gives its router, and one shape of errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.openapi.schema import OpenAPISchema

from booking.api import router as booking_router
from cms.accounts.api import router as accounts_router
from cms.core.errors import Refused
from cms.core.web.api_input import PlainTextParser
from cms.core.web.api_output import Problem
from directory.api import router as directory_router
from parenting.api import router as parenting_router


class SiteAPI(NinjaAPI):
    """Describes with every call the errors that don't depend on what it does."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The description, with what a call's own ``response`` leaves out."""
        schema = super().get_openapi_schema(**options)
        problems = schema["components"]["schemas"]
        problems.setdefault("Problem", Problem.model_json_schema())
        for path, calls in schema["paths"].items():
            for call in calls.values():
                for status in _statuses(path, call):
                    call["responses"].setdefault(str(status.value), _PROBLEM | {"description": status.phrase})
        return schema


_PROBLEM = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _statuses(path: str, call: dict[str, Any]) -> list[HTTPStatus]:
    found = [HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS]
    if "{" in path:
        found.append(HTTPStatus.NOT_FOUND)
    if "requestBody" in call:
        found += [HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN]
    return found


api = SiteAPI(
    title="托育服务",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    parser=PlainTextParser(),
)

CODES = {
    400: "bad_request",
    401: "unauthorised",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
}


def problem(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    message: str,
    fields: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The one error answer: a stable word, a sentence for people, and what is wrong with which field."""
    body: dict[str, Any] = {"code": code, "message": message}
    if fields:
        body["fields"] = fields
    return api.create_response(request, body | (extra or {}), status=status)


@api.exception_handler(Refused)
def refused(request: HttpRequest, exc: Refused) -> HttpResponse:
    """A rule said no."""
    return problem(
        request,
        status=int(exc.status),
        code=exc.code,
        message=str(exc),
        fields={name: str(text) for name, text in exc.fields.items()},
        extra=exc.extra,
    )


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """The input does not have the shape the call describes."""
    fields = {_field_of(error["loc"]): _words_for(error) for error in exc.errors}
    return problem(request, status=422, code="invalid", message=_("请检查填写的内容。"), fields=fields)


@api.exception_handler(AuthenticationError)
def unauthorised(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    """No token, or one that is not valid (any more)."""
    return problem(request, status=401, code="unauthorised", message=_("请先登录。"))


@api.exception_handler(Http404)
def absent(request: HttpRequest, exc: Http404) -> HttpResponse:
    """Not there, or not theirs: the answer is the same."""
    return problem(request, status=404, code="not_found", message=_("没有找到。"))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """What the framework itself refuses, such as a body that is not JSON."""
    if isinstance(exc.__cause__, Refused):  # our parser said more than that
        return refused(request, exc.__cause__)
    if isinstance(exc, Throttled):
        return problem(request, status=429, code="too_many", message=_("次数太多，请过一会儿再试。"))
    if exc.status_code == 400:
        return problem(request, status=400, code="not_json", message=_("内容不是有效的 JSON。"))
    code = CODES.get(exc.status_code, "refused")
    return problem(request, status=exc.status_code, code=code, message=str(exc))


@csrf_exempt
def unknown_call(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Whatever else stands below `/api/`: the same 404 as everywhere in the API, never an HTML page."""
    return absent(request, Http404())


def _field_of(location: tuple[str | int, ...]) -> str:
    """`("body", "payload", "birth_date")` → `birth_date`: callers know their own field names, not ours."""
    names = [str(part) for part in location]
    return ".".join(names[2:] if names[0] == "body" and len(names) > 2 else names[1:]) or names[0]


def _words_for(error: dict[str, Any]) -> str:
    if error["type"] == "missing":
        return _("请填写。")
    return _("格式不对。")


api.add_router("", accounts_router)
api.add_router("", booking_router)
api.add_router("", directory_router)
api.add_router("", parenting_router)
