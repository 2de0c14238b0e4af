"""Closing some days: what, then who is booked there and why, then done; and opening them again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from booking.care.queries.affected import (
    TOLD,
    ClosedSpan,
    days_still_open,
    impact_of_span,
    is_over,
    list_affected,
    list_left,
)
from booking.care.services.closing import SpanOver, close, reopen
from booking.places.models import Booking
from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.core.display import wording
from cms.core.errors import Refused
from cms.workbench.forms.closing import ClosingForm, ClosingReasonForm, ReopenForm
from cms.workbench.queries.offering import kinds_run
from directory.districts.class_kinds import kind_label
from directory.register.queries.closings import closings_of
from directory.register.queries.impact import Impact
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_GET
@for_managers
def closing_list(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Closings to come, and the next one to enter."""
    return _list(request, workbench, _form(request, workbench, bound="first" in request.GET))


@require_http_methods(["GET", "POST"])
@for_managers
def closing_new(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """The bookings first, then the reason. Where the list has changed meanwhile it is shown again."""
    form = _form(request, workbench, bound=True)
    if not form.is_valid():
        return _list(request, workbench, form)
    span, now = form.span, times.now()
    if is_over(workbench.institution, span, now):
        form.add_refusal(SpanOver())
        return _list(request, workbench, form)
    if not days_still_open(workbench.institution, span):
        messages.warning(request, _("这段时间已经设为休息。"))
        return redirect("workbench:settings-closing")
    reason = ClosingReasonForm(request.POST or None)
    if request.method == "POST" and reason.is_valid():
        try:
            return _close(request, workbench, span, reason.cleaned_data, now)
        except Refused as refusal:
            reason.add_refusal(refusal)
    bookings = list(list_affected(workbench.institution, span=span, now=now, statuses=TOLD))
    left = list(list_left(workbench.institution, span=span, now=now))
    log_child_access(
        children=[booking.child for booking in [*bookings, *left] if booking.child],
        actor=workbench.user,
        place=workbench.institution.name,
        district_code=workbench.institution.district.code,
        purpose="closing",
        now=now,
    )
    context = {
        "form": reason,
        "span": span,
        "bookings": bookings,
        "there": [booking for booking in left if booking.status == Booking.Status.ARRIVED],
        "late": [booking for booking in left if booking.status == Booking.Status.CONFIRMED],
        "impact": impact_of_span(workbench.institution, span, now=now),
    }
    return render_workbench(request, workbench, "workbench/settings_closing_new.html", context)


@require_POST
@for_managers
def reopening(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Open closed days again, all of a closing or some."""
    closings = closings_of(workbench.institution, times.local_date(times.now()))
    form = ReopenForm(request.POST, days=[row.pk for closing in closings for row in closing.days])
    if not form.is_valid():
        messages.warning(request, _("请勾选要重新开放的日子"))
        return redirect("workbench:settings-closing")
    try:
        days = reopen(
            institution=workbench.institution,
            closings=form.cleaned_data["days"],
            actor=workbench.user,
            now=times.now(),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
    else:
        said = _("%s重新开放。取消的预约不会恢复，家长可以重新约")
        messages.success(request, said % "、".join(wording.day(day) for day in days))
    return redirect("workbench:settings-closing")


def _form(request: HttpRequest, workbench: WorkbenchContext, *, bound: bool) -> ClosingForm:
    today, kinds = times.local_date(times.now()), kinds_run(workbench.institution)
    return ClosingForm(request.GET if bound else None, today=today, kinds=kinds)


def _list(request: HttpRequest, workbench: WorkbenchContext, form: ClosingForm) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "closings": closings_of(workbench.institution, form.today)}
    return render_workbench(request, workbench, "workbench/settings_closing.html", context)


def _close(
    request: HttpRequest, workbench: WorkbenchContext, span: ClosedSpan, given: dict[str, Any], now: dt.datetime
) -> HttpResponse:
    institution = workbench.institution
    impact = impact_of_span(institution, span, now=now)
    close(institution=institution, span=span, reason=given["reason"], actor=workbench.user, now=now, seen=given["seen"])
    messages.success(request, _("%(what)s已关闭%(told)s") % {"what": _what(span), "told": _told(impact)})
    return redirect("workbench:settings-closing")


def _what(span: ClosedSpan) -> str:
    """「12月1日 周二」「12月1日 周二 12:00–18:00 托小班」: a part of the day is not told as the whole."""
    parts = [wording.days(span.first, span.last or span.first)]
    if not span.is_whole_day:
        parts.append(wording.period(*span.clocks))
    if span.class_kind:
        parts.append(str(kind_label(span.class_kind)))
    return " ".join(parts) + (" " if len(parts) > 1 else "")


def _told(impact: Impact) -> str:
    if not impact.bookings:
        return ""
    return _("，正在告诉 %(families)d 家（%(bookings)d 个预约）") % {
        "families": impact.families,
        "bookings": impact.bookings,
    }
