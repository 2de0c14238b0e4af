"""The public list: who can look after my child then, and who is filed here at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local_date, now
from cms.core.web.middleware import DISTRICT_COOKIE
from cms.core.web.page_cache import cacheable
from directory.districts.queries.districts import DistrictInfo, list_districts, streets_by_code, visitor_district
from directory.site.forms.listing import QuestionForm
from directory.site.queries.finding import Found, find_institutions
from directory.site.queries.list_page import make_groups
from directory.site.queries.list_question import PAGE_SIZE, ListQuestion, make_question
from directory.site.queries.list_words import ask_choices, chips, empty_words, place_choices, summary

PARAMS = (
    "district", "q", "street", "mode", "age", "date", "from", "to", "near", "radius",
    "inclusive", "demonstration", "grade", "sort", "page", "show", "edit",
)  # fmt: skip
COOKIE_SECONDS = 365 * 24 * 3600


@require_safe
@cacheable(params=PARAMS)
def institution_list(request: HttpRequest) -> HttpResponse:
    """The list with the question on top; nothing in the address can make it fail."""
    clock = now()
    districts = list_districts()
    question = _read(request, districts, local_date(clock))
    found = _find(question, clock)
    response = render(request, "site/institution_list.html", _context(request, question, found, clock, districts))
    if (slug := question.params.get("district", "")) and slug != request.COOKIES.get(DISTRICT_COOKIE):
        response.set_cookie(DISTRICT_COOKIE, slug, max_age=COOKIE_SECONDS, samesite="Lax", secure=request.is_secure())
    return response


def _read(request: HttpRequest, districts: Mapping[str, DistrictInfo], today: dt.date) -> ListQuestion:
    form = QuestionForm(request.GET, today=today)
    answers = form.answers()
    wanted = answers["district"] or ""
    return make_question(
        answers,
        form.complaints(),
        district=visitor_district(request, wanted, districts=districts),
        streets=streets_by_code(districts) if answers["near"] else {},
        chose_district=wanted in districts,
    )


def _find(question: ListQuestion, clock: dt.datetime) -> Found:
    """The page asked for, or the last one there is."""
    found = _search(question, question.page, clock)
    if not found.result.hits and found.result.count:
        last = -(-found.result.count // PAGE_SIZE)
        found = _search(question, last, clock)
    return found


def _search(question: ListQuestion, page: int, clock: dt.datetime) -> Found:
    query = question.search_query(page=page)
    return find_institutions(query, question.asked, now=clock, free_first=not question.show_all)


def _context(
    request: HttpRequest,
    question: ListQuestion,
    found: Found,
    clock: dt.datetime,
    districts: Mapping[str, DistrictInfo],
) -> dict[str, Any]:
    today = local_date(clock)
    context: dict[str, Any] = {
        "question": question,
        "chips": chips(question, found),
        "summary": summary(question, found),
        "groups": make_groups(found, question.search_query(), tail=question.tail, tiers=not question.show_all),
        "page": Paginator(range(found.result.count), PAGE_SIZE).get_page(question.page),
        "places": place_choices(question, districts.values()),
        "many_districts": len(districts) > 1,
        "has_ribbons": question.asked.day is not None,
        "has_stale": any(card.stale for card in found.cards.values()),
        "told_staff": found.result.degraded and request.user.has_perm("wagtailadmin.access_admin"),
        "edit_href": question.address(edit="1") + "#ask",
        "find_hidden": question.hidden("q", "street", "radius", "sort", "district"),
        "as_of": clock,
    }
    if question.editing:
        context["choices"] = ask_choices(today, question)
        context["ask_hidden"] = question.hidden("age", "date", "from", "to", "near", "show")
    if not found.result.count:
        context["empty"] = empty_words(question)
    return context
