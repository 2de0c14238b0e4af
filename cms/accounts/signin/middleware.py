"""Who is calling: tokens of the API, and the second factor before the work pages."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from cms.accounts.next_url import page_of, sent_from
from cms.accounts.origins import works_by_phone
from cms.accounts.ports import posts_of
from cms.accounts.signin.api_limits import count_call
from cms.accounts.signin.proofs import has_password, has_second_factor
from cms.accounts.signin.queries.sessions import find_session
from cms.accounts.signin.second_factors import is_enrolled
from cms.accounts.signin.services.tokens import touch_session
from cms.core.calendar.times import now as clock
from cms.core.errors import TooMany
from cms.core.runtime.django_internals import mark_as_logged
from cms.core.web.api_input import is_usable_text
from cms.core.web.middleware import ADMIN_PREFIX

GetResponse = Callable[[HttpRequest], HttpResponse]
API_PREFIX = "/api/"
TOKEN_META = "HTTP_X_SESSION_TOKEN"  # noqa: S105  # the name of a header
WORKBENCH_PREFIX = "/workbench/"
ADMIN_PERMISSION = "wagtailadmin.access_admin"
# These lead to our own pages (`cms.accounts.signin.urls`) and need nobody signed in.
OPEN_ADMIN = ("/admin/login/", "/admin/logout/", "/admin/password_reset/")


class ApiSessionMiddleware:
    """The router of the API: under `/api/` it finds the user and calls the view itself, and the chain ends here.

    The user comes from the token alone: cookies are ignored, a bad token is 401 on every call. Middleware that the API
    needs must stand above this one (docs/adr/0081).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the API. A refusal is an ordinary answer: Django needn't word the warning that the log would drop."""
        if not request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        response = self._call(request)
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            mark_as_logged(response)
        return response

    def _call(self, request: HttpRequest) -> HttpResponse:
        """Set `request.user` and `request.api_session`, by one query if there is a token."""
        request.user = AnonymousUser()
        request.api_session = None  # type: ignore[attr-defined]  # ours
        token = request.META.get(TOKEN_META)
        if token is None:
            return self._answer(request)
        now = clock()
        session = find_session(token, now=now)
        if session is None:
            return _problem(401, "unauthorised", _("请先登录。"))
        try:
            count_call(session.user_id, now=now)
        except TooMany as refused:
            return _problem(429, refused.code, str(refused))
        touch_session(session=session, now=now)
        request.user = session.user
        request.api_session = session  # type: ignore[attr-defined]  # ours
        return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        """The view's answer; errors that Django would answer with a page of its own get the API's shape."""
        if not is_usable_text(request.path_info):  # no identifier; PostgreSQL refuses to look for one
            return _problem(404, "not_found", _("没有找到。"))
        response = self._route(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            problem = _problem(405, "method_not_allowed", _("这个地址不能这样调用。"))
            problem["Allow"] = response.get("Allow", "")
            return problem
        return response

    def _route(self, request: HttpRequest) -> HttpResponse:
        """Skip the remaining middleware; the API uses no sessions, CSRF or messages (docs/adr/0081)."""
        request.get_host()  # raises for a foreign host, as the skipped CommonMiddleware would
        match = resolve(request.path_info)
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)


class SecondFactorMiddleware:
    """Nobody passes `/admin/`, and no manager `/workbench/`, without a second factor in this very session.

    It looks at the session alone, not at how it was made: a session of any other sign-in that a library mounts
    carries no proof and ends here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let pass, refuse, or send to the step that is missing."""
        path = request.path_info
        if path.startswith(ADMIN_PREFIX) and not path.startswith(OPEN_ADMIN):
            return self._admin(request) or self.get_response(request)
        if path.startswith(WORKBENCH_PREFIX):
            return self._workbench(request) or self.get_response(request)
        return self.get_response(request)

    def _admin(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return _send(request, "staff-sign-in")
        posts = posts_of(user)
        if not posts.opens_admin:
            if has_password(request):
                # The sign-in page would send them back here: a circle.
                raise PermissionDenied
            return _send(request, "staff-sign-in")
        step = _missing_step(request)
        if step is None and not user.has_perm(ADMIN_PERMISSION):
            # Wagtail would send them to sign in, and that back here: a circle.
            raise PermissionDenied
        return step

    def _workbench(self, request: HttpRequest) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return _send(request, "sign-in" if works_by_phone(request) else "staff-sign-in")
        posts = posts_of(user)
        if posts.manager or posts.district_staff:
            return _missing_step(request)
        if posts.caregiver and posts.caregiver_needs_factor and not has_second_factor(request):
            return _send(request, "second-factor" if is_enrolled(user) else "second-factor-set-up")
        # The view answers everybody else that nothing is there for them.
        return None


def _missing_step(request: HttpRequest) -> HttpResponse | None:
    """Password, then second factor: the first that this session lacks, or None."""
    if not has_password(request):
        return _send(request, "staff-sign-in")
    if has_second_factor(request):
        return None
    return _send(request, "second-factor" if is_enrolled(request.user) else "second-factor-set-up")


def _send(request: HttpRequest, name: str) -> HttpResponse:
    is_page = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
    target = page_of(request) if is_page else sent_from(request) or _page_behind(request.path_info)
    url = f"{reverse(f'accounts:{name}')}?{urlencode({'next': target})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _page_behind(path: str) -> str:
    """Where to come back to after an act: an act of the workbench has no page of its own."""
    return WORKBENCH_PREFIX if path.startswith(WORKBENCH_PREFIX) else path


def _problem(status: int, code: str, message: str) -> HttpResponse:
    return JsonResponse({"code": code, "message": message}, status=status, json_dumps_params={"ensure_ascii": False})
