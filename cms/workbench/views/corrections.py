"""What was recorded at the door is put right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.care.services.corrections import ChangedMeanwhile, correct_attendance
from booking.places.models import Booking
from booking.places.refusals import OverPlaces
from booking.places.states import may_be_corrected
from cms.core.calendar import times
from cms.core.errors import NotFound, Refused
from cms.workbench.forms.attendance import CorrectionForm
from cms.workbench.queries.history import history_of
from cms.workbench.queries.rows import booking_here
from directory.register.workbench import WorkbenchContext, for_managers, render_workbench


@require_http_methods(["GET", "POST"])
@for_managers
def correct(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """State and times of one stay, with a reason; today and the seven days after."""
    found, now = _of_this_house(workbench, booking), times.now()
    back = back_to(found, now)
    if not may_be_corrected(found, times.local_date(now)):
        messages.warning(request, _("当天和之后 7 天里可以更正，这条现在改不了了"))
        return redirect(back)
    form = CorrectionForm(request.POST or None, booking=found, today=times.local_date(now))
    extra: dict[str, Any] = {"seen": request.POST.get("seen") or found.changed_at.isoformat()}
    if request.method == "POST" and form.is_valid():
        try:
            _apply(request, workbench, form, booking)
        except OverPlaces as question:
            extra["over"] = question.extra["over"]
        except NotFound as error:
            raise Http404 from error
        except Refused as refusal:
            form.add_refusal(refusal)
            if isinstance(refusal, ChangedMeanwhile):
                found = _of_this_house(workbench, booking)
                extra["seen"] = found.changed_at.isoformat()
        else:
            messages.success(request, _("已更正，原来的记录还在"))
            return redirect(back)
    context = {"form": form, "booking": found, "back": back, "events": history_of(found), **extra}
    return render_workbench(request, workbench, "workbench/correct.html", context)


def back_to(booking: Booking, now: dt.datetime) -> str:
    """The row of a booking: on the board, or on the page of its day."""
    today = booking.service_date == times.local_date(now)
    page = reverse("workbench:today") if today else reverse("workbench:day", args=[booking.service_date])
    return f"{page}#b-{booking.public_id}"


def _of_this_house(workbench: WorkbenchContext, public_id: str) -> Booking:
    found = booking_here(workbench.institution, public_id)
    if found is None or found.child is None:
        raise Http404
    return found


def _apply(request: HttpRequest, workbench: WorkbenchContext, form: CorrectionForm, booking: str) -> None:
    correct_attendance(
        actor=workbench.user,
        institution=workbench.institution,
        booking=booking,
        to=form.attendance,
        reason=form.chosen,
        seen=form.cleaned_data["seen"],
        now=times.now(),
        over_ok=bool(request.POST.get("over_ok")),
    )
