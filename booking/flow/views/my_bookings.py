"""我的预约: what is coming, what is over, one booking, and cancelling it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from booking.care.components.summary import summarise, times_in_words
from booking.care.queries.bookings import booking_of, coming_bookings, holds_let_go, past_bookings
from booking.care.services.moves import cancel_booking
from booking.flow.components.states import status_tag, status_words
from booking.flow.views.done import in_wechat
from booking.places.models import Booking, BookingEvent
from booking.places.states import BOOKED, has_lapsed, may_cancel
from cms.accounts.family.services.children import ERASED_NICKNAME
from cms.accounts.models import User
from cms.accounts.own_page import own_page
from cms.core.calendar.times import now
from cms.core.errors import Refused

PAGE_SIZE = 10
Status = Booking.Status
#: Nothing came of these, so nothing is to be paid.
CALLED_OFF = (Status.CANCELLED, Status.DECLINED, Status.EXPIRED)
TELLING_SIDES = {BookingEvent.Side.INSTITUTION, BookingEvent.Side.STAFF}


@require_GET
@own_page
def booking_list(request: HttpRequest, user: User) -> HttpResponse:
    """`?view=past` for what is over, else what is coming; ten a page."""
    clock = now()
    past = request.GET.get("view") == "past"
    found = past_bookings(user, now=clock) if past else coming_bookings(user, now=clock)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    let_go = holds_let_go(page)
    rows = [
        (booking, status_words(booking, let_go=booking.pk in let_go, now=clock), status_tag(booking, now=clock))
        for booking in page
    ]
    return render(
        request, "flow/my_bookings.html", {"page": page, "rows": rows, "past": past, "erased": ERASED_NICKNAME}
    )


@require_GET
@own_page
def booking_detail(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """Everything about one booking, and what can still be done with it."""
    clock = now()
    found = booking_of(user, booking)
    runs, told = not has_lapsed(found, now=clock), telling_event(found)
    context = {
        "booking": found,
        "status": status_words(found, let_go=found.pk in holds_let_go([found]), now=clock),
        "tag": status_tag(found, now=clock),
        "summary": summarise(found, user=user, now=clock),
        "is_off": not runs or found.status in CALLED_OFF,
        "is_held": runs and found.status == Status.HELD,
        "is_booked": runs and found.status in BOOKED,
        "may_cancel": runs and may_cancel(found, now=clock),
        "reason": told.reason if told else "",
        "is_institutions": told is not None and told.side == BookingEvent.Side.INSTITUTION,
        "recorded": times_in_words(found),
        "in_wechat": in_wechat(request),
    }
    return render(request, "flow/my_booking.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def booking_cancel(request: HttpRequest, user: User, booking: str) -> HttpResponse:
    """The rule first, then the act. A booking that can't be cancelled any more says so on its own page."""
    clock = now()
    found = booking_of(user, booking)
    if has_lapsed(found, now=clock) or not may_cancel(found, now=clock):
        return redirect("me:booking", found.public_id)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            cancel_booking(user=user, booking=found.public_id, now=clock)
        except Refused as error:
            refused = error
        else:
            messages.success(request, _("已取消，位子空出来了，别的家庭可以约。"))
            return redirect("me:booking", found.public_id)
    context = {
        "booking": found,
        "summary": summarise(found, user=user, now=clock),
        "refused": refused,
    }
    return render(request, "flow/my_booking_cancel.html", context)


def telling_event(booking: Booking) -> BookingEvent | None:
    """The move by which the institution declined or cancelled, or by which the district stopped its care."""
    if booking.status not in (Status.CANCELLED, Status.DECLINED):
        return None
    event = booking.events.order_by("-at", "-pk").first()
    return event if event and event.side in TELLING_SIDES else None
