"""Places, offers and bookings in the JSON API."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Header, Query, Router, Status

from booking.care.api_shapes import (
    AvailabilityOut,
    BookingIn,
    BookingList,
    BookingOut,
    FullProblem,
    OfferList,
    booking_out,
    cells_out,
    held_out,
    offer_out,
)
from booking.care.queries.bookings import booking_of, bookings_of
from booking.care.queries.offering import public_institution
from booking.care.services.holds import hold_care
from booking.care.services.moves import cancel_booking, confirm_booking
from booking.places import refusals
from booking.places.models import Booking
from booking.places.models.policy import FURTHEST_DAYS
from booking.places.queries.free_places import read_day
from booking.places.queries.offers import offers_on
from cms.accounts.signin.api_auth import token_required
from cms.core.calendar.times import iso, local_date
from cms.core.calendar.times import now as clock
from cms.core.errors import InvalidInput
from cms.core.web.api_input import Day
from cms.core.web.api_output import Problem

router = Router(tags=["booking"])

KEY_LENGTH = 80
PAGE_SIZE, MOST_ROWS = 20, 200

Age = Annotated[int, Query(ge=0, le=60)]
REFUSALS = {401: Problem, 422: Problem, 429: Problem}


class KeyTooLong(InvalidInput):
    """A key is a short word of the caller's."""

    message = _("Idempotency-Key 最多 80 个字符。")


class NoVouchers(InvalidInput):
    """No app accepts vouchers yet."""

    code = "voucher"
    message = _("现在还不能用体验券。")


@router.get(
    "institutions/{institution}/availability",
    response={200: AvailabilityOut, 404: Problem} | REFUSALS,
    summary="Places left, cell by cell",
)
def get_availability(
    request: HttpRequest,
    institution: str,
    age_months: Age | None = None,
    start: Day | None = None,
    days: Annotated[int, Query(ge=1, le=FURTHEST_DAYS)] = 7,
) -> dict[str, Any]:
    """For a child of that age on that day; without an age the best class at each time. `start` is today if left out."""
    found, now = public_institution(institution), clock()
    first = start or local_date(now)
    read = read_day(institution=found, day=first, days=days, now=now, age_months=age_months)
    bucket = read.class_for(age_months)
    dates = (first + dt.timedelta(days=number) for number in range(days))
    return {
        "raster_minutes": read.terms.raster_minutes,
        "as_of": iso(now),
        "stale": read.stale,
        "needs_answer": read.needs_answer,
        "cells": [cell for date in dates for cell in cells_out(date, read.cells(date, bucket))],
    }


@router.get(
    "institutions/{institution}/offers",
    response={200: OfferList, 404: Problem} | REFUSALS,
    exclude_none=True,
    summary="What can be booked on a day",
)
def get_offers(request: HttpRequest, institution: str, age_months: Age, date: Day) -> dict[str, Any]:
    """Each result is good as the body of a booking."""
    found, now = public_institution(institution), clock()
    read = read_day(institution=found, day=date, now=now, age_months=age_months)
    return {
        "as_of": iso(now),
        "stale": read.stale,
        "needs_answer": read.needs_answer,
        "results": [offer_out(offer) for offer in offers_on(read, date, age_months)],
    }


@router.post(
    "bookings",
    response={200: BookingOut, 201: BookingOut, 400: Problem, 404: Problem, 409: FullProblem} | REFUSALS,
    auth=token_required,
    exclude_none=True,
    summary="Hold a place for 15 minutes",
)
def post_booking(
    request: HttpRequest,
    payload: BookingIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[dict[str, Any]]:
    """201, or 200 with the same body for the same key and request; 409 `full` carries what else the day offers."""
    key = (idempotency_key or "").strip()
    if len(key) > KEY_LENGTH:
        raise KeyTooLong
    if payload.voucher:
        raise NoVouchers(fields={"voucher": str(NoVouchers.message)})
    try:
        held = hold_care(
            user=request.user,  # type: ignore[arg-type]  # ours by the token
            institution=payload.institution,
            child=payload.child,
            mode=payload.mode,
            starts_at=payload.starts_at,
            ends_at=payload.ends_at,
            product=payload.product,
            key=key,
            now=clock(),
        )
    except refusals.Full as full:
        raise refusals.Full(alternatives=[offer_out(offer) for offer in full.extra["alternatives"]]) from None
    status = HTTPStatus.OK if held.replayed else HTTPStatus.CREATED
    return Status(status, held_out(held.booking, institution=payload.institution, child=payload.child))


@router.post(
    "bookings/{booking}/confirm",
    response={200: BookingOut, 404: Problem, 409: Problem} | REFUSALS,
    auth=token_required,
    exclude_none=True,
    summary="Confirm a held booking",
)
def post_confirm(request: HttpRequest, booking: str) -> dict[str, Any]:
    """`confirmed`, or `requested` where the institution decides or its places are stale; repeated: the same; 409
    `expired` after the hold.
    """
    now = clock()
    user = request.user
    return booking_out(confirm_booking(user=user, booking=booking, now=now), now=now)  # type: ignore[arg-type]  # ours


@router.post(
    "bookings/{booking}/cancel",
    response={200: BookingOut, 404: Problem, 409: Problem} | REFUSALS,
    auth=token_required,
    exclude_none=True,
    summary="Cancel a booking",
)
def post_cancel(request: HttpRequest, booking: str) -> dict[str, Any]:
    """Cancelling twice answers the same; 409 `closed` once it has begun."""
    now = clock()
    user = request.user
    return booking_out(cancel_booking(user=user, booking=booking, now=now), now=now)  # type: ignore[arg-type]  # ours


@router.get(
    "bookings",
    response={200: BookingList} | REFUSALS,
    auth=token_required,
    exclude_none=True,
    summary="The bookings of my family",
)
def list_bookings(
    request: HttpRequest,
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=MOST_ROWS)] = PAGE_SIZE,
) -> dict[str, Any]:
    """The latest first; a page behind the last one is empty."""
    now = clock()
    found = bookings_of(request.user).order_by("-starts_at", "-pk")  # type: ignore[arg-type]  # ours by the token
    pages: Paginator[Booking] = Paginator(found, page_size)
    rows = pages.page(page) if page <= pages.num_pages else []
    return {"count": pages.count, "page": page, "results": [booking_out(row, now=now) for row in rows]}


@router.get(
    "bookings/{booking}",
    response={200: BookingOut, 404: Problem} | REFUSALS,
    auth=token_required,
    exclude_none=True,
    summary="One booking of my family",
)
def get_booking(request: HttpRequest, booking: str) -> dict[str, Any]:
    """404 for anybody else's."""
    return booking_out(booking_of(request.user, booking), now=clock())  # type: ignore[arg-type]  # ours by the token
