"""The card behind a child's name: what to mind, who may fetch, and what was recorded."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from booking.places.models import Booking
from booking.places.states import may_be_corrected
from cms.accounts.family.queries.visibility import child_visible_on
from cms.accounts.family.services.access_log import log_child_access
from cms.core.calendar import times
from cms.workbench.queries.history import history_of
from cms.workbench.queries.rows import SHOWN, booking_here, rows_of
from cms.workbench.services.contacts import may_call
from cms.workbench.views.corrections import back_to
from directory.register.workbench import WorkbenchContext, for_members, render_workbench


@require_GET
@for_members
def card(request: HttpRequest, workbench: WorkbenchContext, booking: str) -> HttpResponse:
    """Looking is logged. Health notes and people are shown around the day alone, and to caregivers nothing else is."""
    now = times.now()
    found = booking_here(workbench.institution, booking)
    if found is None or found.child is None:
        raise Http404
    shows_health = found.status in SHOWN and child_visible_on(found.service_date, now)
    if not (shows_health or workbench.can_manage):
        raise Http404
    log_child_access(
        children=found.child,
        actor=workbench.user,
        place=workbench.institution.name,
        district_code=workbench.institution.district.code,
        purpose="card",
        now=now,
    )
    context = {
        "booking": found,
        "row": rows_of(workbench.institution, [found], found.service_date, now)[0],
        "shows_health": shows_health,
        "events": history_of(found),
        "can_call": may_call(found, now),
        "can_cancel": workbench.can_manage and found.status == Booking.Status.CONFIRMED and found.starts_at > now,
        "can_correct": workbench.can_manage and may_be_corrected(found, times.local_date(now)),
        "back": back_to(found, now),
    }
    return render_workbench(request, workbench, "workbench/child.html", context)
