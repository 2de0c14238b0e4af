"""The page cache answers only who has no session, and only what is the same for all of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from django.http import HttpRequest, HttpResponse
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
