"""Check answers, confirm, and what to do when the hold ran out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.care.components.summary import list_url, summarise
from booking.care.queries.bookings import booking_of
from booking.care.queries.replacements import replacement_of
from booking.care.services.hold_change import StayRequest, hold_or_replace
from booking.care.services.moves import confirm_booking
from booking.flow.forms.answers import Answers
from booking.flow.forms.steps import KeyForm, new_key
from booking.flow.views.access import booking_or_404
from booking.flow.views.steps import step_url
from booking.places.models import Booking
from booking.places.refusals import HoldExpired
from booking.places.states import BOOKED, has_lapsed
from cms.accounts.models import User
from cms.accounts.own_page import own_act, signed_in, signed_in_user
from cms.core.calendar.times import at, local, now
from cms.core.errors import Refused

Status = Booking.Status


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, booking: str) -> HttpResponse:
    """Everything once more before it counts. A finished step is not sent again: it leads to its confirmation."""
    found = booking_or_404(signed_in_user(request), booking)
    if found.status == Status.EXPIRED or has_lapsed(found, now=now()):
        return _expired(request, found)
    if found.status != Status.HELD:
        return _go_on(request, found)
    if request.method != "POST":
        return _page(request, found)
    try:
        confirmed = confirm_booking(user=signed_in_user(request), booking=found.public_id, now=now())
    except HoldExpired:
        return _expired(request, found)
    except Refused as refused:
        return _page(request, found, refused)
    return _go_on(request, confirmed)


@own_act
def again(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """One tap after a hold ran out: ask for the same stay once more, else show what is still free that day."""
    found = booking_of(user, booking)
    form = KeyForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else new_key()
    try:
        held = hold_or_replace(user=user, stay=_same_stay(found), key=key, now=now())
    except Refused:
        return redirect(_change("time", found))
    return redirect("booking:check", held.public_id)


def _go_on(request: HttpRequest, booking: Booking) -> HttpResponse:
    """To the confirmation; to the booking itself once there is nothing to confirm. Says what another page changed."""
    changed = replacement_of(signed_in_user(request), booking)
    if changed is not None:
        page = "booking:check" if changed.status == Status.HELD else "me:booking"
        context = {"booking": booking, "changed": changed, "changed_url": reverse(page, args=[changed.public_id])}
        return render(request, "flow/replaced.html", context)
    return redirect("booking:done" if booking.status in BOOKED else "me:booking", booking.public_id)


def _page(request: HttpRequest, booking: Booking, refused: Refused | None = None) -> HttpResponse:
    clock = now()
    context = {
        "booking": booking,
        "summary": summarise(booking, user=signed_in_user(request), now=clock),
        "seconds": max(0, int((booking.expires_at - clock).total_seconds())) if booking.expires_at else 0,
        "number": 4,
        "back": _change("time", booking),
        "refused": refused,
        # The page itself learns that the hold ran out: the same tap as on the page that says so.
        "again": KeyForm(initial={"key": new_key()}),
        "change_child": _change("child", booking),
        "change_mode": _change("mode", booking),
        "change_time": _change("time", booking),
        "change_institution": list_url(booking),
        "here": request.path,
    }
    return render(request, "flow/check.html", context)


def _expired(request: HttpRequest, booking: Booking) -> HttpResponse:
    form = KeyForm(initial={"key": new_key()})
    # An ended booking holds nothing, so the links need not replace it.
    change = _change("time", booking)
    context = {"booking": booking, "form": form, "number": 4, "back": change, "change_time": change}
    return render(request, "flow/expired.html", context)


def answers_of(booking: Booking) -> Answers:
    """The answers that led to a booking, to change one of them; a live hold gives way to the new one."""
    starts, ends = local(booking.starts_at), local(booking.ends_at)
    return Answers(
        child=booking.child.public_id if booking.child else "",
        mode=booking.mode,
        date=booking.service_date,
        starts=starts.time(),
        ends=ends.time(),
        replaces=booking.public_id if booking.status == Status.HELD else "",
    )


def _change(name: str, booking: Booking) -> str:
    if booking.institution is None:
        raise AssertionError("a care booking has its institution (constraint booking_kind_has_its_parts)")
    return step_url(name, booking.institution, answers_of(booking))


def _same_stay(booking: Booking) -> StayRequest:
    if booking.institution is None or booking.child is None or booking.product is None:
        raise AssertionError("a care booking has its parts (constraint booking_kind_has_its_parts)")
    starts, ends = local(booking.starts_at), local(booking.ends_at)
    return StayRequest(
        institution=booking.institution.public_id,
        child=booking.child.public_id,
        mode=booking.mode,
        starts_at=at(booking.service_date, starts.time()),
        ends_at=at(booking.service_date, ends.time()),
        product=booking.product.public_id,
    )
