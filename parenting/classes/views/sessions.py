"""The public list of class sessions and one session."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local
from cms.core.calendar.times import now as clock
from cms.core.errors import NotFound
from cms.core.web.page_cache import cacheable
from directory.districts.queries.districts import visitor_district
from parenting.classes.forms.signup import SessionFilterForm
from parenting.classes.models import ClassSession
from parenting.classes.queries.sessions import list_sessions, public_session, remaining, signup_state
from parenting.classes.queries.signups import my_signups

PAGE_SIZE = 20


@require_safe
@cacheable(params=("district", "street", "kind", "age_months", "page"), seconds=30)
def session_list(request: HttpRequest) -> HttpResponse:
    """Sessions to come, by month."""
    now, district = clock(), visitor_district(request)
    form = SessionFilterForm(request.GET)
    question = form.question(district=district.slug if district else "")
    page = Paginator(list_sessions(question, now=now), PAGE_SIZE).get_page(request.GET.get("page"))
    cards = [{"session": session, **describe(session, now=now)} for session in page.object_list]
    months = [
        {"first": local(group[0]["places"].starts_at), "cards": group}
        for group in (list(found) for _, found in groupby(cards, key=_month))
    ]
    return render(
        request,
        "parenting/session_list.html",
        {"months": months, "page": page, "question": question, "kinds": ClassSession.Kind.choices, "now": now},
    )


def _month(card: dict[str, Any]) -> tuple[int, int]:
    moment = local(card["places"].starts_at)
    return moment.year, moment.month


@require_safe
@cacheable(seconds=30)
def session_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One session; who is signed in sees whether the family has a place."""
    session = session_or_404(public_id)
    mine = list(my_signups(request.user, session=session)) if request.user.is_authenticated else []
    now = clock()
    return render(
        request,
        "parenting/session_detail.html",
        {"session": session, "mine": mine, "now": now, **describe(session, now=now)},
    )


def session_or_404(public_id: str) -> ClassSession:
    """A published session, or the 404 page."""
    try:
        return public_session(public_id)
    except NotFound as error:
        raise Http404 from error


def describe(session: ClassSession, *, now: dt.datetime) -> dict[str, Any]:
    """What a card says of a session beside its text; times are those of ``places``."""
    return {
        "capacity": session.places.cell.target,
        "remaining": remaining(session),
        "state": signup_state(session, now=now),
        "places": session.places,
        "cancelled": session.places.cancelled_at is not None,
    }
