"""Closing a day: which day, then who is booked there and why, then done; and opening it again."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from booking.care.services.closing import close_day, list_affected, reopen_day
from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.core.display import wording
from cms.core.errors import Refused
from cms.workbench.forms.closing import ClosingDateForm, ClosingReasonForm
from cms.workbench.queries.offering import closing_day_of, closing_days_of
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_GET
@for_managers
def closing_list(request: HttpRequest, workbench: WorkbenchContext) -> HttpResponse:
    """Closing days to come, and the day to close next."""
    today = times.local_date(times.now())
    form = ClosingDateForm(request.GET if "date" in request.GET else None, today=today)
    if form.is_bound and form.is_valid():
        return redirect("workbench:settings-closing-day", form.cleaned_data["date"])
    context = {"form": form, "days": list(closing_days_of(workbench.institution, today)), "today": today}
    return render_workbench(request, workbench, "workbench/settings_closing.html", context)


@require_http_methods(["GET", "POST"])
@for_managers
def closing_day(request: HttpRequest, workbench: WorkbenchContext, date: dt.date) -> HttpResponse:
    """Its bookings first, then the reason. Where somebody booked meanwhile, the longer list is shown again."""
    now = times.now()
    day_form = ClosingDateForm({"date": date.isoformat()}, today=times.local_date(now))
    if not day_form.is_valid() or closing_day_of(workbench.institution, date):
        messages.warning(
            request, " ".join(str(words) for words in day_form.errors.get("date", [])) or _("这一天已经关闭")
        )
        return redirect("workbench:settings-closing")
    affected = list(list_affected(workbench.institution, from_day=date, until_day=date, now=now))
    form = ClosingReasonForm(request.POST or None, initial={"seen": len(affected)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["seen"] >= len(affected):
            return _close(request, workbench, date, form, len(affected))
        form.add_error(None, _("刚刚又有家长约了这一天，请再看一遍名单"))
    log_child_access(
        children=[booking.child for booking in affected if booking.child],
        actor=workbench.user,
        place=workbench.institution.name,
        district_code=workbench.institution.district.code,
        purpose="closing",
        now=now,
    )
    families = len({booking.family_id for booking in affected})
    context = {"form": form, "date": date, "bookings": affected, "number": len(affected), "families": families}
    return render_workbench(request, workbench, "workbench/settings_closing_day.html", context)


def _close(
    request: HttpRequest, workbench: WorkbenchContext, date: dt.date, form: ClosingReasonForm, number: int
) -> HttpResponse:
    try:
        close_day(
            institution=workbench.institution,
            day=date,
            reason=form.cleaned_data["reason"],
            actor=workbench.user,
            now=times.now(),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal.message))
        return redirect("workbench:settings-closing")
    told = _("，正在告诉 %d 个预约的家长") % number if number else ""
    messages.success(request, _("%(day)s已关闭%(told)s") % {"day": wording.day(date), "told": told})
    return redirect("workbench:settings-closing")


@require_POST
@for_managers
def reopen(request: HttpRequest, workbench: WorkbenchContext, date: dt.date) -> HttpResponse:
    """Open a closed day again."""
    if closing_day_of(workbench.institution, date):
        try:
            reopen_day(institution=workbench.institution, day=date, now=times.now())
        except Refused as refusal:
            messages.warning(request, str(refusal.message))
        else:
            messages.success(request, _("%s重新开放。取消的预约不会恢复，家长可以重新约") % wording.day(date))
    return redirect(reverse("workbench:settings-closing"))
