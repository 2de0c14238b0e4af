"""Day and time: the page that shows the places and takes the hold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.care.queries.bookings import booking_in_the_way
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.flow.forms.answers import Answers
from booking.flow.forms.steps import HoursForm, Stay, WindowForm, new_key
from booking.flow.queries import stays
from booking.flow.views.access import child_or_none, institution_or_404
from booking.flow.views.steps import step_url
from booking.flow.views.time_page import TimePage, page_context
from booking.places.models import Booking
from booking.places.refusals import Duplicate
from cms.accounts.models import Child
from cms.accounts.own_page import signed_in, signed_in_user
from cms.core.calendar.times import at, now
from cms.core.errors import NotFound, Refused
from directory.register.models import Institution


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def time(request: HttpRequest, public_id: str) -> HttpResponse:
    """Choose day and time; sending the form holds the place and leads to the check page."""
    institution = institution_or_404(public_id)
    answers = Answers.read(request.GET)
    child = child_or_none(signed_in_user(request), answers.child)
    if child is None or not answers.mode or not institution.takes_bookings:
        return redirect(step_url("start", institution, answers))
    asked = _ask(institution, child, answers, clock=now())
    form = _form(asked, request)
    refusal: Refused | None = None
    in_the_way: Booking | None = None
    if form.is_valid():
        try:
            return _hold(request, asked, form)
        except NotFound:
            return redirect(step_url("start", institution, answers.but(child="")))
        except Refused as refused:
            form.add_refusal(refused)
            in_the_way = _in_the_way(request, asked, form) if isinstance(refused, Duplicate) else None
            # What was free when the page was read is read again, so that the choices tell the truth.
            asked, refusal = _ask(institution, child, answers, clock=now()), refused
    return render(request, "flow/time.html", page_context(asked, form, refusal, in_the_way))


def _ask(institution: Institution, child: Child, answers: Answers, *, clock: dt.datetime) -> TimePage:
    question = stays.Question(institution, child.birth_date, answers.mode, clock)
    choices = stays.read_choices(question)
    # A day that is over or not open yet stays the day asked about: the page says so.
    day = answers.date or stays.first_open_day(choices) or question.today
    return TimePage(institution, child, answers, choices, day)


def _form(asked: TimePage, request: HttpRequest) -> HoursForm | WindowForm:
    data = request.POST if request.method == "POST" else None
    initial: dict[str, Any] = {"key": new_key()}
    # A window that filled up meanwhile can still be sent: the service says so, and the page offers the others.
    windows = [window.value for window in stays.windows(asked.choices, asked.day)]
    if not asked.is_hourly:
        return WindowForm(data, windows=windows, initial=initial)
    starts, ends = stays.hour_choices(asked.choices, asked.day)
    chosen = _chosen_hours(asked, starts, ends)
    if chosen:
        initial |= {"starts": f"{chosen[0]:%H:%M}", "ends": f"{chosen[1]:%H:%M}"}
    hours = stays.opening_hours(asked.choices, asked.day)
    return HoursForm(data, starts=starts, ends=ends, hours=hours, common=windows, initial=initial)


def _chosen_hours(asked: TimePage, starts: list[dt.time], ends: list[dt.time]) -> tuple[dt.time, dt.time] | None:
    """The asked hours where they can be had, else the first common stay that can, else the shortest."""
    span = asked.answers.span
    if span and span[0] in starts and span[1] in ends:
        return span
    free = next((window for window in stays.windows(asked.choices, asked.day) if not window.problem), None)
    if free:
        return stays.at_clock(free.starts_at), stays.at_clock(free.ends_at)
    return (starts[0], next(end for end in ends if end > starts[0])) if starts and ends else None


def _hold(request: HttpRequest, asked: TimePage, form: HoursForm | WindowForm) -> HttpResponse:
    stay = form.stay(asked.day)
    booking = hold_or_replace(
        user=signed_in_user(request),
        stay=_stay_request(asked, stay),
        key=form.cleaned_data["key"],
        now=asked.choices.question.now,
    )
    return redirect("booking:check", booking.public_id)


def _in_the_way(request: HttpRequest, asked: TimePage, form: HoursForm | WindowForm) -> Booking | None:
    stay = _stay_request(asked, form.stay(asked.day))
    return booking_in_the_way(
        signed_in_user(request),
        child=stay.child,
        starts_at=stay.starts_at,
        ends_at=stay.ends_at,
        now=asked.choices.question.now,
    )


def _stay_request(asked: TimePage, stay: Stay) -> StayRequest:
    return StayRequest(
        institution=asked.institution.public_id,
        child=asked.child.public_id,
        mode=asked.answers.mode,
        starts_at=at(stay.date, stay.starts),
        ends_at=at(stay.date, stay.ends),
        product=stay.product,
        replaces=asked.answers.replaces,
    )
