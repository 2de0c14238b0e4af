"""The confirmation, and its calendar file."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from booking.care.components.summary import summarise
from booking.flow.calendar_file import calendar_file
from booking.flow.views.access import booking_or_404
from booking.places.models import Booking
from booking.places.states import BOOKED, has_lapsed
from cms.accounts.own_page import signed_in, signed_in_user
from cms.core.calendar.times import now

Status = Booking.Status
#: How WeChat's own browser names itself; it can't keep a downloaded file.
WECHAT = "MicroMessenger"


def in_wechat(request: HttpRequest) -> bool:
    """Whether the page is read inside WeChat, where a calendar file can't be kept."""
    return WECHAT in request.headers.get("User-Agent", "")


@signed_in
@never_cache
@require_GET
def done(request: HttpRequest, booking: str) -> HttpResponse:
    """The date in the largest type of the site, the reference, and what happens next."""
    found = booking_or_404(signed_in_user(request), booking)
    if found.status == Status.HELD:
        return redirect("booking:check", found.public_id)
    if found.status not in BOOKED or has_lapsed(found, now=now()):
        return redirect("me:booking", found.public_id)
    context = {
        "booking": found,
        "summary": summarise(found, user=signed_in_user(request), now=now()),
        "waits": found.status == Status.REQUESTED,
        "in_wechat": in_wechat(request),
    }
    return render(request, "flow/done.html", context)


@signed_in
@never_cache
@require_GET
def calendar(request: HttpRequest, booking: str) -> HttpResponse:
    """The booking as a calendar file to download."""
    found = booking_or_404(signed_in_user(request), booking)
    if found.status not in BOOKED:
        raise Http404
    body = calendar_file(found, site=settings.SITE_URL.rstrip("/"), now=now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    return response
