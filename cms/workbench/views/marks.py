"""Check-in, leaving, not come, and taking the last mark back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from booking.care.queries.room import over_before
from booking.care.services import moves
from booking.places.models import Booking
from booking.places.refusals import OverPlaces
from cms.core.calendar import times
from cms.core.display.forms import STALE, SeenForm
from cms.core.errors import NotFound, Refused
from cms.workbench.queries.rows import booking_here
from cms.workbench.services.contacts import reveal_contacts
from cms.workbench.templatetags.attendance import act_words, named
from cms.workbench.views.corrections import back_to
from cms.workbench.views.today import render_board
from directory.register.workbench import WorkbenchContext, for_members, render_workbench

ACTS: dict[str, Callable[..., Booking]] = {
    "arrive": moves.mark_arrived,
    "leave": moves.mark_left,
    "absent": moves.mark_absent,
    "undo": moves.undo_mark,
}
#: What a mark is asked for first, and what the answer sends: a place that has gone since, a child before its time.
CONFIRMS = {"arrive": ("over_ok", "early_ok"), "undo": ("over_ok",)}


class StalePage(Refused):
    """The page does not say which mark it showed."""

    code = "stale"
    message = STALE


@require_POST
@for_members
def mark(request: HttpRequest, workbench: WorkbenchContext, booking: str, act: str) -> HttpResponse:
    """One tap at the door."""
    found = booking_here(workbench.institution, booking)
    if act not in ACTS or found is None:
        raise Http404
    extra: dict[str, Any] = {name: True for name in CONFIRMS.get(act, ()) if request.POST.get(name)}
    refused = False
    try:
        if act == "undo":
            extra["seen"] = _seen(request)
        found = ACTS[act](
            actor=workbench.user, booking=booking, institution=workbench.institution, now=times.now(), **extra
        )
        said = act_words(act, found)
    except moves.NotDue:
        return _ask_early(request, workbench, found)
    except OverPlaces:
        return _ask_over(request, workbench, found, act)
    except NotFound as error:
        raise Http404 from error
    except Refused as refusal:
        said, refused = named(found, str(refusal.message)), True
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx
        return render_board(request, workbench, template="workbench/_board.html", said=said, refused=refused)
    messages.add_message(request, messages.WARNING if refused else messages.SUCCESS, said)
    return redirect(f"{reverse('workbench:today')}#b-{booking}")


def _seen(request: HttpRequest) -> dt.datetime:
    """When the row that the page showed had been changed last."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise StalePage
    seen: dt.datetime = form.cleaned_data["seen"]
    return seen


def _ask_over(request: HttpRequest, workbench: WorkbenchContext, booking: Booking, act: str) -> HttpResponse:
    """The place is gone: say so and ask before letting the child in."""
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx
        # The question is a page of its own; htmx leaves what is no success untouched, so it is told where to go.
        return HttpResponse(headers={"HX-Redirect": reverse("workbench:over", args=[booking.public_id, act])})
    return _over_page(request, workbench, booking, act, status=409)


@require_GET
@for_members
def over(request: HttpRequest, workbench: WorkbenchContext, booking: str, act: str) -> HttpResponse:
    """The question by its own address."""
    found = booking_here(workbench.institution, booking)
    if act not in CONFIRMS or found is None:
        raise Http404
    return _over_page(request, workbench, found, act, status=200)


def _ask_early(request: HttpRequest, workbench: WorkbenchContext, booking: Booking) -> HttpResponse:
    """The child is not due: ask before letting it in."""
    if request.htmx:  # type: ignore[attr-defined]  # set by django_htmx
        return HttpResponse(headers={"HX-Redirect": reverse("workbench:early", args=[booking.public_id])})
    return _early_page(request, workbench, booking, status=409)


@require_GET
@for_members
def early(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """The question by its own address; the board leads here where a child is not due."""
    found = booking_here(workbench.institution, booking)
    if found is None or found.child is None:
        raise Http404
    now = times.now()
    if (
        found.status != Booking.Status.CONFIRMED
        or found.service_date != times.local_date(now)
        or found.starts_at <= now
    ):
        return redirect(f"{reverse('workbench:today')}#b-{booking}")
    return _early_page(request, workbench, found, status=200)


def _early_page(request: HttpRequest, workbench: WorkbenchContext, booking: Booking, *, status: int) -> HttpResponse:
    context = {"booking": booking, "over": over_before(booking, now=times.now())}
    return render_workbench(request, workbench, "workbench/early.html", context, status=status)


def _over_page(
    request: HttpRequest, workbench: WorkbenchContext, booking: Booking, act: str, *, status: int
) -> HttpResponse:
    over = max(1, moves.count_over(booking, now=times.now()))
    context = {"booking": booking, "act": act, "over": over}
    return render_workbench(request, workbench, "workbench/over.html", context, status=status)


@require_POST
@for_members
def call(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """The family's numbers, on tap."""
    contacts, refusal = [], ""
    try:
        contacts = reveal_contacts(
            actor=workbench.user,
            institution=workbench.institution,
            booking=booking,
            now=times.now(),
        )
    except NotFound as error:
        raise Http404 from error
    except Refused as error:
        refusal = str(error.message)
    found = booking_here(workbench.institution, booking)
    back = back_to(found, times.now()) if found else ""
    context = {"contacts": contacts, "refusal": refusal, "booking": found, "back": back}
    is_part = request.htmx  # type: ignore[attr-defined]  # set by django_htmx
    template = "workbench/_contacts.html" if is_part else "workbench/contacts.html"
    return render_workbench(request, workbench, template, context)
