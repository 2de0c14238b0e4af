"""The public list of class sessions and one session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.accounts.family.queries.families import children_of
from cms.accounts.models import Child, User
from cms.core.calendar.times import age_in_months, local, local_date
from cms.core.calendar.times import now as clock
from cms.core.errors import NotFound
from cms.core.web.page_cache import cacheable
from directory.districts.queries.districts import visitor_district
from parenting.classes.calendar_file import calendar_file
from parenting.classes.forms.signup import SessionFilterForm, fitting_children
from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.queries.sessions import list_sessions, public_session, remaining, signup_answer
from parenting.classes.queries.signups import my_signups

PAGE_SIZE = 20


@require_safe
@cacheable(params=("district", "street", "kind", "age_months", "page"), seconds=30)
def session_list(request: HttpRequest) -> HttpResponse:
    """Sessions to come, by month."""
    now, district = clock(), visitor_district(request)
    form = SessionFilterForm(request.GET)
    children = own_children(request)
    question = form.question(district=district.slug if district else "")
    page = Paginator(list_sessions(question, now=now), PAGE_SIZE).get_page(request.GET.get("page"))
    mine = signed_sessions(request, page.object_list)
    cards = [
        {"session": session, "mine": session.pk in mine, **describe(session, now=now)} for session in page.object_list
    ]
    months = [
        {"first": local(group[0]["places"].starts_at), "cards": group}
        for group in (list(found) for _, found in groupby(cards, key=_month))
    ]
    return render(
        request,
        "parenting/session_list.html",
        {
            "months": months,
            "page": page,
            "question": question,
            "kinds": ClassSession.Kind.choices,
            "children": [(child, age_in_months(child.birth_date, local_date(now))) for child in children],
            "now": now,
        },
    )


def own_children(request: HttpRequest) -> list[Child]:
    """The children of whoever is signed in; nobody's for a visitor."""
    return list(children_of(request.user)) if isinstance(request.user, User) else []


def signed_sessions(request: HttpRequest, sessions: Iterable[ClassSession]) -> set[int]:
    """Those of the sessions in which the family has a place."""
    if not isinstance(request.user, User):
        return set()
    return set(my_signups(request.user).filter(session__in=list(sessions)).values_list("session_id", flat=True))


def _month(card: dict[str, Any]) -> tuple[int, int]:
    moment = local(card["places"].starts_at)
    return moment.year, moment.month


@require_safe
@cacheable(seconds=30)
def session_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """One session; who is signed in sees whether the family has a place."""
    session = session_or_404(public_id)
    mine = list(my_signups(request.user, session=session)) if isinstance(request.user, User) else []
    now = clock()
    context = {
        "session": session,
        "mine": mine,
        "others": others_for(session, mine, own_children(request)) if mine else [],
        "map_words": quote(session.address or session.venue),
        "now": now,
    }
    return render(request, "parenting/session_detail.html", {**context, **describe(session, now=now)})


@require_safe
@cacheable(seconds=30)
def session_calendar(request: HttpRequest, public_id: str) -> HttpResponse:
    """The class as a calendar file to download."""
    session = session_or_404(public_id)
    body = calendar_file(session, site=settings.SITE_URL.rstrip("/"), now=clock())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{session.public_id}.ics"'
    return response


def others_for(session: ClassSession, mine: list[ClassSignup], children: list[Child]) -> list[Child]:
    """The family's other children who fit: nobody where an adult comes alone."""
    signed = {signup.child_id for signup in mine}
    return [] if None in signed else [child for child in fitting_children(children, session) if child.pk not in signed]


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
        "answer": signup_answer(session, now=now),
        "places": session.places,
    }
