"""The site's map for people and for search engines, and the page for no connection."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from wagtail.models import Page

from cms.accounts.ports import Posts, posts_of
from cms.core.web.page_cache import cacheable
from cms.core.web.staff_scope import ALL, View
from cms.pages import queries
from cms.pages.queries import foreign_pages
from cms.pages.sitemaps import ClassSessionSitemap, DistrictSitemap, InstitutionSitemap, PageSitemap
from directory.districts.queries.districts import list_districts

PRIVATE_PATHS = ("/admin/", "/api/", "/booking/", "/dev/", "/display/", "/me/", "/sign-in/", "/staff/", "/workbench/")
#: What Wagtail calls the number of a page in its addresses.
PAGE_NAMES = {"page_id", "page_pk", "parent_page_id", "page_to_move_id", "destination_id"}
ADMIN_API = "/admin/api/"
SITEMAPS = {
    "pages": PageSitemap,
    "districts": DistrictSitemap,
    "institutions": InstitutionSitemap,
    "classes": ClassSessionSitemap,
}


def guard_pages(view: View) -> View:
    """404 for a page of another district at any address of the admin that names one, and of its API.

    What may be done with the pages that are left is asked of ``cms.pages.rights``.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = {kwargs[name] for name in PAGE_NAMES & kwargs.keys()}
        if "pk" in kwargs and request.path_info.startswith(ADMIN_API):
            named.add(kwargs["pk"])
        if kwargs.get("model_name") == "page":
            named |= {word for word in request.GET.getlist("id") if word != ALL}
        if named and request.user.is_authenticated:
            _refuse_foreign(request, named)
        return view(request, *args, **kwargs)

    return guarded


def _refuse_foreign(request: HttpRequest, named: set[Any]) -> None:
    try:
        # A number larger than any key is an error of the database where many keys are looked up at once.
        keys = {Page._meta.pk.clean(word, None) for word in named}
    except ValidationError:
        raise Http404 from None
    if foreign_pages(request.user).filter(pk__in=keys).exists():
        raise Http404


@require_safe
@cacheable(seconds=30)
def site_map(request: HttpRequest) -> HttpResponse:
    """Every published page in two levels, and the districts; who is signed in is led only to where they work."""
    posts = posts_of(request.user) if request.user.is_authenticated else Posts(district_staff=True, manager=True)
    context = {
        "branches": queries.list_site_tree(request),
        "districts": list_districts().values(),
        "works_in_house": posts.manager or posts.caregiver,
        "works_in_admin": posts.opens_admin,
    }
    return render(request, "pages/site_map.html", context)


@require_safe
@cacheable(seconds=30)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows in place of a page that could not be fetched."""
    return render(request, "pages/offline.html")


@require_safe
@cacheable(seconds=30)
def offline_form(request: HttpRequest) -> HttpResponse:
    """What it shows after a form that did not get through: nothing may look done."""
    return render(request, "pages/offline_form.html")


@require_safe
@cacheable(seconds=30)
def offline_workbench(request: HttpRequest) -> HttpResponse:
    """In place of a page of the workbench."""
    return render(request, "pages/offline_workbench.html")


@require_safe
@cacheable(seconds=30)
def offline_workbench_form(request: HttpRequest) -> HttpResponse:
    """After a form of the workbench whose answer did not come: it may have been recorded all the same."""
    return render(request, "pages/offline_workbench_form.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the public pages, nobody's own."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE_PATHS)]
    lines.append(f"Sitemap: {settings.SITE_URL.rstrip('/')}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Pages, institutions and coming classes."""
    answer: HttpResponse = sitemap(request, sitemaps=SITEMAPS)
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served at the root, because a worker only rules what lies below its own address."""
    answer = render(request, "pages/sw.js", content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
