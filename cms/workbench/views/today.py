"""Today by class, and which institution where one works for several."""

from __future__ import annotations

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from booking.places.services.freshness import confirm_places
from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.core.display import wording
from cms.workbench.queries.rows import requests_of, rows_of
from cms.workbench.queries.setup import setup_steps
from cms.workbench.queries.today import load_board
from cms.workbench.queries.version import board_version
from directory.register.queries.memberships import memberships_of
from directory.register.queries.profiles import returned_to
from directory.register.workbench import (
    FIELD,
    WorkbenchContext,
    for_managers,
    for_members,
    refuse_stranger,
    render_workbench,
)
from parenting.classes.queries.sessions import sessions_at

WHOLE = "workbench/today.html"


@require_GET
@for_members
def today(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The board."""
    return render_board(request, workbench)


def render_board(
    request: HttpRequest,
    workbench: WorkbenchContext,
    *,
    template: str = WHOLE,
    said: str = "",
    refused: bool = False,
) -> HttpResponse:
    """The board as a whole page, or the part that htmx swaps, with what is ``said`` of an act; whoever is shown is
    written into the read log.
    """
    now = times.now()
    day = times.local_date(now)
    # Before the board: what changes while it is read is then another version, and the page asks again.
    version = board_version(workbench.institution, day, now)
    board = load_board(institution=workbench.institution, day=day, now=now)
    asked = requests_of(workbench.institution, now) if workbench.can_manage else []
    requests = rows_of(workbench.institution, asked, day, now)
    children = {row.booking.child for row in [*board.rows, *requests]}
    log_child_access(
        children=[child for child in children if child],
        actor=workbench.user,
        place=workbench.institution.name,
        district_code=workbench.institution.district.code,
        purpose="today",
        now=now,
    )
    steps = setup_steps(workbench.institution) if workbench.can_manage and not board.classes else []
    context = {
        "board": board,
        "sessions": list(sessions_at(workbench.institution.pk, day, day)),
        "requests": requests,
        "day": day,
        "now": now,
        "confirmed_at": board.confirmed_at,
        "stale": board.stale,
        "steps": steps,
        "returned": returned_to(workbench.institution.pk) if workbench.can_manage and template == WHOLE else None,
        "version": version,
        "said": said,
        "refused": refused,
    }
    return render_workbench(request, workbench, template, context)


@require_GET
@for_members
def board(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The board again for a page that is open: nothing (204, with the clock) while it would look the same."""
    now = times.now()
    if not request.htmx:  # type: ignore[attr-defined]  # set by django_htmx
        return redirect("workbench:today")
    if request.GET.get("v") == board_version(workbench.institution, times.local_date(now), now):
        seen = json.dumps({"board-seen": wording.clock(now)})
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Trigger": seen})
    return render_board(request, workbench, template="workbench/_board.html")


@require_POST
@for_managers
def confirm(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """「今天的空位没有变化」"""
    confirm_places(actor=workbench.user, institution=workbench.institution, now=times.now())
    return redirect("workbench:week" if request.POST.get("back") == "week" else "workbench:today")


@require_GET
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """One of the institutions one works for."""
    members = memberships_of(request.user)
    if not members:
        return refuse_stranger(request)
    return render(request, "workbench/choose.html", {"members": members, "field": FIELD})
