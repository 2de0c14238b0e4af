"""The end of a day: how the stays ended that nobody ended, in one form."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from booking.care.services.corrections import ChangedMeanwhile, answer_day
from booking.places.states import CORRECT_WITHIN
from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.workbench.forms.attendance import DayEndForm
from cms.workbench.queries.unanswered import unanswered_on
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench

SEEN = "-seen"


@require_http_methods(["GET", "POST"])
@for_managers
def day_end(request: HttpRequest, workbench: WorkbenchContext, date: dt.date) -> HttpResponse:
    """Came and left at which time, or did not come; whoever is left empty is asked again."""
    now = times.now()
    if not dt.timedelta(0) <= times.local_date(now) - date <= CORRECT_WITHIN:
        raise Http404
    bookings = unanswered_on(workbench.institution, date, now)
    log_child_access(
        children=[booking.child for booking in bookings if booking.child],
        actor=workbench.user,
        place=workbench.institution.name,
        district_code=workbench.institution.district.code,
        purpose="day",
        now=now,
    )
    forms = [DayEndForm(request.POST or None, booking=booking) for booking in bookings]
    if request.method == "POST":
        forms = _answer(request, workbench, forms, now)
        if not forms:
            return redirect("workbench:today")
    context = {"date": date, "forms": forms, "bad": [form for form in forms if form.is_bound and form.errors]}
    return render_workbench(request, workbench, "workbench/day_end.html", context)


def _answer(
    request: HttpRequest, workbench: WorkbenchContext, forms: list[DayEndForm], now: dt.datetime
) -> list[DayEndForm]:
    """Record what was answered; returns the forms that are wrong, and with them those that said nothing."""
    answered = [form for form in forms if form.is_valid() and form.is_answered]
    refused = answer_day(
        actor=workbench.user,
        institution=workbench.institution,
        answers={form.booking.public_id: form.answer for form in answered},
        reason=_("当时忘了点"),
        now=now,
    )
    by_others = _answered_by_others(request, forms)
    for form in answered:
        refusal = refused.get(form.booking.public_id)
        if isinstance(refusal, ChangedMeanwhile):
            by_others.add(form.booking.public_id)
        elif refusal is not None:
            form.add_refusal(refusal)
    done = [form for form in answered if not form.errors]
    _say(request, len([form for form in done if form.booking.public_id not in by_others]), len(by_others))
    wrong = any(form.errors for form in forms)
    return [form for form in forms if form not in done] if wrong else []


def _answered_by_others(request: HttpRequest, forms: list[DayEndForm]) -> set[str]:
    """Whose row was on the page, and is answered by now."""
    sent = {name.removesuffix(SEEN) for name in request.POST if name.endswith(SEEN)}
    return sent - {form.booking.public_id for form in forms}


def _say(request: HttpRequest, done: int, by_others: int) -> None:
    if done:
        messages.success(request, ngettext("已记下 %d 名宝宝", "已记下 %d 名宝宝", done) % done)
    if by_others:
        words = ngettext("%d 名宝宝刚才有人记过了，没有再改", "%d 名宝宝刚才有人记过了，没有再改", by_others)
        messages.warning(request, words % by_others)
