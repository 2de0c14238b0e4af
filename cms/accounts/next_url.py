"""Where to go after signing in: only to addresses of this site that can be opened."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, default: str) -> str:
    """The `next` of the form or the query if it stays on this site, else ``default``."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if _is_ours(request, target) and target.startswith("/") else default


def page_of(request: HttpRequest) -> str:
    """The address of a page, with its query."""
    return request.get_full_path()


def page_of_button(request: HttpRequest) -> str:
    """The page from which an act was sent, for acts that take POST alone: as the browser names it, else the nearest
    address above the act.
    """
    return sent_from(request) or _nearest_page(request.path)


def sent_from(request: HttpRequest) -> str:
    """The page of this site that a form was sent from; empty where the browser doesn't say."""
    referer = request.headers.get("Referer", "")
    if not _is_ours(request, referer):
        return ""
    parts = urlsplit(referer)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if path.startswith("/") and not path.startswith("//") else ""


def _nearest_page(path: str) -> str:
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        if _is_page(above):
            return above
    return "/"


def _is_page(path: str) -> bool:
    """Whether a view has the address: the editors' pages take every address, there or not."""
    try:
        return resolve(path).url_name != "wagtail_serve"
    except Resolver404:
        return False


def _is_ours(request: HttpRequest, target: str) -> bool:
    return url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
