"""The week of places, one day with its bookings, and ending one of them."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from booking.care.queries.affected import list_cancelled
from booking.care.services import moves
from booking.places.models import Booking
from booking.places.states import CORRECT_WITHIN
from cms.accounts.family.queries.visibility import child_visible_on
from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.core.errors import NotFound, Refused
from cms.workbench.forms.reasons import CANCEL_REASONS, DECLINE_REASONS, ReasonForm
from cms.workbench.queries.offering import closings_on
from cms.workbench.queries.rows import booking_here, day_rows
from cms.workbench.queries.week import load_day_numbers, load_week
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench
from parenting.classes.queries.sessions import sessions_at

#: How far the week view goes back and ahead, in days.
REACH = 400


@require_GET
@for_managers
def week(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Seven days from ``?from=``, else from today: what is to come counts, on Sundays too."""
    now = times.now()
    today = times.local_date(now)
    start = _day_in_reach(request.GET.get("from", ""), today)
    found = load_week(institution=workbench.institution, start=start, now=now)
    context = {
        "week": found,
        "today": today,
        "sessions": list(sessions_at(workbench.institution.pk, found.start, found.end)),
        "confirmed_at": found.confirmed_at,
        "stale": found.stale,
    }
    return render_workbench(request, workbench, "workbench/week.html", context)


def _day_in_reach(text: str, today: dt.date) -> dt.date:
    """The asked day; today where it is none or too far."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs((day - today).days) <= REACH else today


@require_GET
@for_managers
def day(request: HttpRequest, workbench: WorkbenchContext, date: dt.date) -> HttpResponse:
    """A day's bookings, and its places by half hour."""
    now = times.now()
    rows = day_rows(workbench.institution, date, now)
    closings = closings_on(workbench.institution, date)
    cancelled = list_cancelled(workbench.institution, closings)
    log_child_access(
        children=[each.child for each in [*(row.booking for row in rows), *cancelled] if each.child],
        actor=workbench.user,
        place=workbench.institution.name,
        district_code=workbench.institution.district.code,
        purpose="day",
        now=now,
    )
    context = {
        "date": date,
        "today": times.local_date(now),
        "rows": sorted(rows, key=lambda row: (row.booking.starts_at, row.booking.pk)),
        "numbers": load_day_numbers(institution=workbench.institution, day=date, now=now),
        "closings": closings,
        "cancelled": cancelled,
        "sessions": list(sessions_at(workbench.institution.pk, date, date)),
        "now": now,
        "shows_health": child_visible_on(date, now),
        "can_correct": dt.timedelta(0) <= times.local_date(now) - date <= CORRECT_WITHIN,
    }
    return render_workbench(request, workbench, "workbench/day.html", context)


@require_POST
@for_managers
def accept(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """Say yes to a request."""
    try:
        moves.accept_request(actor=workbench.user, institution=workbench.institution, booking=booking, now=times.now())
        messages.success(request, _("已同意，已告诉家长"))
    except NotFound as error:
        raise Http404 from error
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    return redirect("workbench:today")


@require_http_methods(["GET", "POST"])
@for_managers
def decline(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """Say no to a request, with a reason the family reads."""
    return _end(request, workbench, booking, declines=True)


@require_http_methods(["GET", "POST"])
@for_managers
def cancel(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """End a confirmed booking, with a reason the family reads."""
    return _end(request, workbench, booking, declines=False)


def _end(request: HttpRequest, workbench: WorkbenchContext, public_id: str, *, declines: bool) -> HttpResponse:
    booking = booking_here(workbench.institution, public_id)
    wanted = Booking.Status.REQUESTED if declines else Booking.Status.CONFIRMED
    if booking is None or booking.child is None:
        raise Http404
    back = reverse("workbench:today") if declines else reverse("workbench:day", args=[booking.service_date])
    if booking.status != wanted:
        messages.warning(request, _("这次预约的状态已经变了"))
        return redirect(back)
    form = ReasonForm(request.POST or None, reasons=DECLINE_REASONS if declines else CANCEL_REASONS)
    if request.method == "POST" and form.is_valid():
        act = moves.decline_request if declines else moves.cancel_by_institution
        try:
            act(
                actor=workbench.user,
                institution=workbench.institution,
                booking=public_id,
                reason=form.chosen,
                now=times.now(),
            )
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("已告诉家长，位子放回来了"))
            return redirect(back)
    context = {
        "form": form,
        "booking": booking,
        "title": _("不同意这次预约") if declines else _("取消这次预约"),
        "action": _("不同意，告诉家长") if declines else _("取消，告诉家长"),
        "danger": not declines,
        "back": back,
    }
    return render_workbench(request, workbench, "workbench/decline.html", context)
