"""Pages that belong to no app: health, figures, display mode, and the errors."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe

from cms.core.runtime import health
from cms.core.runtime.env import is_loopback
from cms.core.web import metrics
from cms.core.web.logs import API_PREFIX
from cms.core.web.middleware import LARGE, TYPE_COOKIE

YEAR_SECONDS = 60 * 60 * 24 * 365


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process lives; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """One entry per part; 503 only if the site can't serve."""
    able, report = health.examine()
    return JsonResponse(report, status=200 if able else 503, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures, for this machine itself or for who shows the token `METRICS_TOKEN`."""
    wanted = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = hmac.compare_digest(shown.encode(), wanted.encode()) if wanted else _is_direct_local(request)
    if not allowed:
        raise Http404
    body, content_type = metrics.exposition()
    return HttpResponse(body, content_type=content_type)


def _is_direct_local(request: HttpRequest) -> bool:
    """Whether the request came from this machine and not through a proxy on it."""
    meta = request.META
    return is_loopback(meta.get("REMOTE_ADDR", "")) and "HTTP_X_FORWARDED_FOR" not in meta


@require_safe
def set_display(request: HttpRequest, mode: str) -> HttpResponse:
    """Remember large or normal type in a cookie and go back to where the visitor was."""
    if mode not in {LARGE, "normal"}:
        raise Http404
    target = request.GET.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if mode == LARGE:
        response.set_cookie(
            TYPE_COOKIE,
            LARGE,
            max_age=YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(TYPE_COOKIE, samesite="Lax")
    return response


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke (Django has logged it): a page that needs nothing, or the API's error shape."""
    if request.path_info.startswith(API_PREFIX):
        body = {"code": "error", "message": _("是我们这边出了问题，请过几分钟再试。")}
        return JsonResponse(body, status=500, json_dumps_params={"ensure_ascii": False})
    return defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long or cookies are off: say so on the ordinary 403 page."""
    return render(request, "403.html", {"csrf": True}, status=403)
