"""Whole pages for visitors without a session, cached in this process for at most 30 seconds.

The middleware stands first in the chain, so that a hit costs a few dictionary look-ups and nothing below it
runs. A view opts in with `@cacheable(...)`; its response is cached only if it is a plain 200 that carries no
CSRF token and sets no cookie, but for the two display cookies, whose value follows from the address alone.
`docs/adr/0003-page-cache.md` says why it is per process.
"""

from __future__ import annotations

import functools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from cms.core.runtime import versions
from cms.core.web.metrics import CACHE_HITS
from cms.core.web.middleware import DISTRICT_COOKIE, TYPE_COOKIE

GetResponse = Callable[[HttpRequest], HttpResponse]
PUBLIC_PAGES = "public"
MAX_ENTRIES = 512
MAX_BODY_BYTES = 512 * 1024
MAX_QUERY_LENGTH = 400
STAMP_HEADER = "X-As-Of"
KEPT_COOKIES = frozenset({TYPE_COOKIE, DISTRICT_COOKIE})

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view allows: the query parameters that change its page, and how long the page may be cached."""

    params: frozenset[str]
    seconds: int


@dataclass(slots=True)
class CachedAnswer:
    """A stored answer."""

    content: bytes
    headers: dict[str, str]
    cookies: SimpleCookie
    expires: float


def cacheable(
    *, params: tuple[str, ...] = (), seconds: int = 30
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view's GET answer as the same for every visitor without a session.

    Only the parameters named here reach the key: the view must not read any other. With a session the page may say what
    the visitor has booked, so the browser must ask again on the way back to it.
    """
    policy = Policy(frozenset(params), seconds)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            mark_cacheable(request, policy)
            response = view(request, *args, **kwargs)
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                add_never_cache_headers(response)
            return response

        return marked

    return decorate


def mark_cacheable(request: HttpRequest, policy: Policy) -> None:
    """Mark a response as cacheable while it is made (Wagtail pages do so in `serve`)."""
    request.page_cache_policy = policy  # type: ignore[attr-defined]  # ours


class PageStore:
    """The cached pages of one process, least recently used out first; safe between threads."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Key, CachedAnswer] = OrderedDict()
        self._policies: dict[str, Policy] = {}
        self._lock = threading.Lock()

    def policy_of(self, path: str) -> Policy | None:
        """What the view behind this path allowed when it last answered in this process."""
        return self._policies.get(path)

    def get(self, key: Key, now: float) -> CachedAnswer | None:
        """The entry if it is still young enough."""
        entry = self._entries.get(key)
        return entry if entry is not None and entry.expires > now else None

    def put(self, path: str, policy: Policy, key: Key, entry: CachedAnswer) -> None:
        """Keep an entry, dropping the oldest when full."""
        with self._lock:
            if len(self._policies) >= MAX_ENTRIES * 4:
                self._policies.clear()
            self._policies[path] = policy
            self._entries[key] = entry
            self._entries.move_to_end(key)
            while len(self._entries) > MAX_ENTRIES:
                self._entries.popitem(last=False)

    def clear(self) -> None:
        """Forget everything (tests)."""
        with self._lock:
            self._entries.clear()
            self._policies.clear()


store = PageStore()


def _is_candidate(meta: dict[str, Any]) -> bool:
    return (
        meta["REQUEST_METHOD"] == "GET"
        # There may be blanks around the name: anything that looks like a session is left to the page itself.
        and settings.SESSION_COOKIE_NAME not in meta.get("HTTP_COOKIE", "")
        and "HTTP_X_SESSION_TOKEN" not in meta
        and "HTTP_AUTHORIZATION" not in meta
        and len(meta.get("QUERY_STRING", "")) <= MAX_QUERY_LENGTH
    )


def _kept_cookies(header: str) -> tuple[str, ...]:
    """The cookies that change a public page, as `name=value` in a fixed order."""
    if not header:
        return ()
    # Read as Django reads them, blanks and all, or a page made for one cookie could be cached as a page without any.
    pairs = (part.partition("=") for part in header.split(";"))
    read = {name.strip(): value.strip() for name, _equals, value in pairs}
    return tuple(f"{name}={read[name]}" for name in sorted(KEPT_COOKIES & read.keys()))


def _query(raw: str, policy: Policy) -> str:
    """The allowed parameters in a fixed order; nothing else in a link changes the page."""
    if not raw:
        return ""
    pairs = [pair for pair in parse_qsl(raw, keep_blank_values=True) if pair[0] in policy.params]
    # Of a name given twice views read the last: its order among equals stays.
    return urlencode(sorted(pairs, key=itemgetter(0)))


def allowed_params(request: HttpRequest) -> frozenset[str] | None:
    """The parameters that links of a cacheable page may repeat; None where all of them may be repeated."""
    policy: Policy | None = getattr(request, "page_cache_policy", None)
    return None if policy is None else policy.params


def _key(request: HttpRequest, policy: Policy) -> Key:
    meta = request.META
    return (
        request.path_info,
        _query(meta.get("QUERY_STRING", ""), policy),
        _kept_cookies(meta.get("HTTP_COOKIE", "")),
        "HTTP_HX_REQUEST" in meta,
        "gzip" in meta.get("HTTP_ACCEPT_ENCODING", ""),
        meta.get("HTTP_HOST", ""),
        request.scheme,
        versions.current(PUBLIC_PAGES),
    )


def _answer(entry: CachedAnswer) -> HttpResponse:
    response = HttpResponse(entry.content, headers=entry.headers)
    response.cookies = entry.cookies
    return response


def _may_keep(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and response.cookies.keys() <= KEPT_COOKIES
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and "private" not in response.get("Cache-Control", "")
        and "no-store" not in response.get("Cache-Control", "")
        and len(response.content) <= MAX_BODY_BYTES
    )


class PageCacheMiddleware:
    """Answers from the store, else lets the page be made and keeps it if its view said so."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look up, else make and keep."""
        limit = settings.PAGE_CACHE_SECONDS
        if not limit or not _is_candidate(request.META):
            return self.get_response(request)
        path = request.path_info
        policy = store.policy_of(path)
        key: Key | None = None
        if policy is not None:
            key = _key(request, policy)
            entry = store.get(key, time.monotonic())
            if entry is not None:
                CACHE_HITS.inc()
                return _answer(entry)
        return self._make(request, key)

    def _make(self, request: HttpRequest, key: Key | None) -> HttpResponse:
        as_of = timezone.now()
        version = versions.current(PUBLIC_PAGES)
        started = time.monotonic()
        response = self.get_response(request)
        policy: Policy | None = getattr(request, "page_cache_policy", None)
        if policy is None or not _may_keep(request, response):
            return response
        response[STAMP_HEADER] = timezone.localtime(as_of).isoformat(timespec="seconds")
        # The version read before the page was made: a change meanwhile must not hide behind the new one.
        key = (*_key(request, policy)[:-1], version) if key is None else key
        seconds = min(policy.seconds, settings.PAGE_CACHE_SECONDS)
        headers = {name: value for name, value in response.items() if name.lower() != "x-request-id"}
        store.put(
            request.path_info, policy, key, CachedAnswer(response.content, headers, response.cookies, started + seconds)
        )
        return response
