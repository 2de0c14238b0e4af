"""The public list: who can look after my child then, and who is filed here at all."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local_date, now
from cms.core.web.middleware import DISTRICT_COOKIE
from cms.core.web.page_cache import cacheable
from directory.districts.queries.districts import list_districts, visitor_district
from directory.site.components.addresses import ListAddress
from directory.site.components.list_page import list_context
from directory.site.forms.listing import QuestionForm
from directory.site.queries.listing import PAGE_SIZE, find_page
from directory.site.queries.missing import look_closer
from directory.site.views.visitors import keep_private, visitor_children

PARAMS = (
    "district", "q", "street", "mode", "age", "date", "from", "to", "near", "radius",
    "inclusive", "demonstration", "grade", "sort", "page", "show", "edit",
)  # fmt: skip
COOKIE_SECONDS = 365 * 24 * 3600


@require_safe
@cacheable(params=PARAMS)
def institution_list(request: HttpRequest) -> HttpResponse:
    """The list with the question on top; nothing in the address can make it fail.

    An address that names the age by a child leads to one that others can read too.
    """
    clock = now()
    districts = list_districts()
    listed = visitor_district(request, request.GET.get("district", "").strip(), districts=districts)
    children = visitor_children(request, today=local_date(clock))
    form = QuestionForm(request.GET, today=local_date(clock), districts=districts, listed=listed, children=children)
    question = form.question()
    if form.names_child:
        return redirect(request.path + ListAddress(question).changed())
    found = find_page(question, now=clock)
    miss = look_closer(question) if question.q and not found.result.count else None
    context = list_context(question, found, districts=districts.values(), now=clock, children=children, miss=miss)
    context |= {
        "complaints": form.complaints(),
        "page": Paginator(range(found.result.count), PAGE_SIZE).get_page(question.page),
        "degraded_for_staff": found.result.degraded and request.user.has_perm("wagtailadmin.access_admin"),
        "as_of": clock,
    }
    response = render(request, "site/institution_list.html", context)
    keep_private(response, children)
    if question.chose_district and question.district:
        _remember_district(request, response, question.district.slug)
    return response


def _remember_district(request: HttpRequest, response: HttpResponse, slug: str) -> None:
    if slug != request.COOKIES.get(DISTRICT_COOKIE):
        response.set_cookie(DISTRICT_COOKIE, slug, max_age=COOKIE_SECONDS, samesite="Lax", secure=request.is_secure())
