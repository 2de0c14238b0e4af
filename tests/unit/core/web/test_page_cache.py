"""The page cache answers only who has no session, and only what is the same for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http.cookies import SimpleCookie
from itertools import count

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import Context, Template
from django.test import RequestFactory

from cms.core.runtime import versions
from cms.core.web import page_cache
from cms.core.web.page_cache import PageCacheMiddleware, cacheable

pytestmark = pytest.mark.django_db
View = Callable[[HttpRequest], HttpResponse]


@pytest.fixture(autouse=True)
def cache_on(settings) -> None:
    settings.PAGE_CACHE_SECONDS = 30


def numbered(**marks) -> View:
    """A view whose answer tells how often it was asked."""
    numbers = count(1)

    @cacheable(**marks)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"answer {next(numbers)}", headers={"Content-Security-Policy": "default-src 'none'"})

    return view


def ask(middleware: PageCacheMiddleware, address: str = "/page/", *, cookies: str = "", **headers) -> HttpResponse:
    """One GET through the middleware."""
    extra = {"HTTP_COOKIE": cookies} if cookies else {}
    return middleware(RequestFactory().get(address, headers=headers, **extra))


def test_second_visitor_gets_the_kept_answer_with_its_headers_and_stamp() -> None:
    middleware = PageCacheMiddleware(numbered())

    first, second = ask(middleware), ask(middleware)

    assert second.content == b"answer 1"
    assert second["Content-Security-Policy"] == "default-src 'none'"
    assert second[page_cache.STAMP_HEADER] == first[page_cache.STAMP_HEADER]


@pytest.mark.parametrize(
    ("cookies", "headers"),
    [
        ("sessionid=abc", {}),
        ("a=1; sessionid =abc", {}),
        ("", {"X-Session-Token": "abc"}),
        ("", {"Authorization": "Bearer abc"}),
    ],
)
def test_visitor_with_a_session_is_never_answered_from_the_cache(cookies: str, headers: dict[str, str]) -> None:
    middleware = PageCacheMiddleware(numbered())
    ask(middleware)

    answer = ask(middleware, cookies=cookies, **headers)

    assert (answer.content, ask(middleware).content) == (b"answer 2", b"answer 1")


@pytest.mark.parametrize(
    "other",
    [
        {"address": "/page/?q=1"},
        {"cookies": "type=large"},
        {"cookies": "district=jianxi"},
        {"HX-Request": "true"},
        {"Host": "127.0.0.1"},
        {"Accept-Encoding": "gzip"},
    ],
)
def test_what_changes_the_page_is_part_of_the_key(other: dict[str, str]) -> None:
    middleware = PageCacheMiddleware(numbered(params=("q",)))
    ask(middleware)

    assert [ask(middleware, **other).content for _ in range(2)] == [b"answer 2", b"answer 2"]


def test_parameters_the_view_does_not_name_change_nothing() -> None:
    middleware = PageCacheMiddleware(numbered(params=("q", "page")))
    ask(middleware, "/page/?q=1&page=2")

    assert ask(middleware, "/page/?page=2&utm_source=x&q=1").content == b"answer 1"


def test_other_cookies_change_nothing() -> None:
    middleware = PageCacheMiddleware(numbered())
    ask(middleware, cookies="a=1; type=large")

    assert ask(middleware, cookies="type=large; b=2").content == b"answer 1"


def test_a_cookie_with_blanks_is_the_cookie_it_reads_as() -> None:
    middleware = PageCacheMiddleware(numbered())

    assert ask(middleware, cookies="type =large").content == b"answer 1"
    assert ask(middleware).content == b"answer 2"
    assert ask(middleware, cookies="type=large").content == b"answer 1"


def test_an_empty_parameter_and_the_order_of_equals_are_part_of_the_key() -> None:
    middleware = PageCacheMiddleware(numbered(params=("q",)))

    addresses = ["/page/", "/page/?q=", "/page/?q=a&q=b", "/page/?q=b&q=a"]

    assert len({ask(middleware, address).content for address in addresses}) == 4


def test_links_of_a_kept_page_repeat_only_its_own_parameters() -> None:
    request = RequestFactory().get("/page/", {"q": "a", "utm": "x"})
    template = Template("{% load site %}{% query_with page=2 %}")
    before = template.render(Context({"request": request}))

    page_cache.mark_cacheable(request, page_cache.Policy(frozenset({"q", "page"}), 30))

    assert before == "q=a&amp;utm=x&amp;page=2"
    assert template.render(Context({"request": request})) == "q=a&amp;page=2"


def test_answer_is_dropped_when_the_version_rises(django_capture_on_commit_callbacks) -> None:
    middleware = PageCacheMiddleware(numbered())
    ask(middleware)

    with django_capture_on_commit_callbacks(execute=True):
        versions.bump(page_cache.PUBLIC_PAGES)

    assert ask(middleware).content == b"answer 2"


def test_answer_is_dropped_after_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    middleware = PageCacheMiddleware(numbered(seconds=600))
    ask(middleware)

    later = page_cache.time.monotonic() + 31
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: later)

    assert ask(middleware).content == b"answer 2"


def test_version_raised_while_the_page_was_made_is_not_hidden(django_capture_on_commit_callbacks) -> None:
    inner = numbered()

    def slow(request: HttpRequest) -> HttpResponse:
        response = inner(request)
        if response.content == b"answer 2":
            with django_capture_on_commit_callbacks(execute=True):
                versions.bump(page_cache.PUBLIC_PAGES)
        return response

    middleware = PageCacheMiddleware(slow)
    ask(middleware)
    page_cache.store._entries.clear()
    ask(middleware)

    assert ask(middleware).content == b"answer 3"


def test_display_cookie_is_kept_with_its_answer() -> None:
    @cacheable(params=("district",))
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("x")
        response.set_cookie("district", request.GET["district"])
        return response

    middleware = PageCacheMiddleware(view)
    for slug in ("jianxi", "hongqi", "jianxi"):
        answer = ask(middleware, f"/page/?district={slug}")

    assert answer.cookies["district"].value == "jianxi"
    assert len(page_cache.store._entries) == 2


def _with_cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("a", "b")
    return response


def _with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def _missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", status=404)


def _private(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "private"})


@pytest.mark.parametrize("inner", [_with_cookie, _with_token, _missing, _private])
def test_answer_that_may_be_personal_is_not_kept(inner: View) -> None:
    middleware = PageCacheMiddleware(cacheable()(inner))

    ask(middleware)

    assert not page_cache.store._entries


def test_view_without_the_mark_is_not_kept() -> None:
    middleware = PageCacheMiddleware(lambda request: HttpResponse("x"))

    ask(middleware)

    assert not page_cache.store._entries


def test_post_passes_through() -> None:
    middleware = PageCacheMiddleware(numbered())
    ask(middleware)

    assert middleware(RequestFactory().post("/page/")).content == b"answer 2"


def test_store_forgets_the_oldest_when_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "MAX_ENTRIES", 2)
    middleware = PageCacheMiddleware(numbered(params=("q",)))

    for word in "abc":
        ask(middleware, f"/page/?q={word}")

    assert len(page_cache.store._entries) == 2
    assert ask(middleware, "/page/?q=a").content == b"answer 4"


def test_turned_off_by_zero_seconds(settings) -> None:
    settings.PAGE_CACHE_SECONDS = 0
    middleware = PageCacheMiddleware(numbered())
    ask(middleware)

    assert ask(middleware).content == b"answer 2"


def test_store_holds_512_pages() -> None:
    store = page_cache.PageStore()
    policy = page_cache.Policy(frozenset(), 30)
    entry = page_cache.CachedAnswer(b"", {}, SimpleCookie(), 10.0)

    for number in range(513):
        store.put(f"/{number}/", policy, (number,), entry)

    found = [number for number in range(513) if store.get((number,), 0.0)]
    assert found == list(range(1, 513))


def test_store_drops_what_was_put_longest_ago_first() -> None:
    store = page_cache.PageStore()
    policy = page_cache.Policy(frozenset(), 30)
    entry = page_cache.CachedAnswer(b"", {}, SimpleCookie(), 10.0)
    for number in range(512):
        store.put("/", policy, (number,), entry)

    store.put("/", policy, (0,), entry)
    store.put("/", policy, (512,), entry)

    assert [store.get((number,), 0.0) for number in (0, 1)] == [entry, None]


def test_store_forgets_the_policies_of_too_many_paths() -> None:
    store = page_cache.PageStore()
    policy = page_cache.Policy(frozenset(), 30)
    entry = page_cache.CachedAnswer(b"", {}, SimpleCookie(), 10.0)
    for number in range(2048):
        store.put(f"/{number}/", policy, (0,), entry)
    before = store.policy_of("/0/")

    store.put("/2048/", policy, (0,), entry)

    assert (before, store.policy_of("/0/"), store.policy_of("/2048/")) == (policy, None, policy)


@pytest.mark.parametrize(("now", "young"), [(9.9, True), (10.0, False), (10.1, False)])
def test_entry_is_young_until_it_expires(now: float, young: bool) -> None:
    store = page_cache.PageStore()
    entry = page_cache.CachedAnswer(b"", {}, SimpleCookie(), 10.0)
    store.put("/", page_cache.Policy(frozenset(), 30), ("key",), entry)

    assert store.get(("key",), now) == (entry if young else None)


@pytest.mark.parametrize(("view_seconds", "site_seconds", "kept"), [(600, 30, 30), (10, 30, 10)])
def test_page_is_kept_for_the_shorter_of_two_times(
    view_seconds: int, site_seconds: int, kept: int, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PAGE_CACHE_SECONDS = site_seconds
    middleware = PageCacheMiddleware(numbered(seconds=view_seconds))
    start = page_cache.time.monotonic()
    answers = []
    for seconds in (0.0, kept - 0.1, kept):
        monkeypatch.setattr(page_cache.time, "monotonic", lambda seconds=seconds: start + seconds)
        answers.append(ask(middleware).content)

    assert answers == [b"answer 1", b"answer 1", b"answer 2"]


@pytest.mark.parametrize(("length", "kept"), [(400, True), (401, False)])
def test_long_queries_are_not_kept(length: int, kept: bool) -> None:
    middleware = PageCacheMiddleware(numbered())
    query = "x" * length

    answers = [ask(middleware, f"/page/?{query}").content for _ in range(2)]

    assert answers == [b"answer 1", b"answer 1" if kept else b"answer 2"]


@pytest.mark.parametrize(("size", "kept"), [(512 * 1024, 1), (512 * 1024 + 1, 0)])
def test_large_pages_are_not_kept(size: int, kept: int) -> None:
    middleware = PageCacheMiddleware(cacheable()(lambda request: HttpResponse(b"x" * size)))

    ask(middleware)

    assert len(page_cache.store._entries) == kept


def _no_store(request: HttpRequest) -> HttpResponse:
    return HttpResponse("x", headers={"Cache-Control": "no-store"})


def _streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"x"]))


@pytest.mark.parametrize("inner", [_no_store, _streamed])
def test_answer_that_must_not_be_stored_is_not_kept(inner: View) -> None:
    middleware = PageCacheMiddleware(cacheable()(inner))

    ask(middleware)

    assert not page_cache.store._entries


def test_id_of_the_first_request_is_not_kept_with_its_answer() -> None:
    middleware = PageCacheMiddleware(
        cacheable()(lambda request: HttpResponse("x", headers={"X-Request-Id": "a", "X-Other": "b"}))
    )
    ask(middleware)

    second = ask(middleware)

    assert (second.has_header("X-Request-Id"), second["X-Other"]) == (False, "b")


def test_hit_is_counted_and_a_miss_is_not() -> None:
    middleware = PageCacheMiddleware(numbered())
    before = page_cache.CACHE_HITS._value.get()

    counts = [(ask(middleware).content, page_cache.CACHE_HITS._value.get() - before)[1] for _ in range(3)]

    assert counts == [0, 1, 2]


def test_scheme_is_part_of_the_key() -> None:
    middleware = PageCacheMiddleware(numbered())
    ask(middleware)

    assert middleware(RequestFactory().get("/page/", secure=True)).content == b"answer 2"


def test_links_may_repeat_everything_where_the_page_is_not_kept() -> None:
    request = RequestFactory().get("/page/")

    assert page_cache.allowed_params(request) is None


def test_stamp_is_the_moment_before_the_page_was_made() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 23, 2, 0, 5, tzinfo=dt.UTC), tick=False):
        response = ask(PageCacheMiddleware(numbered()))

    assert response[page_cache.STAMP_HEADER] == "2026-11-23T10:00:05+08:00"
