"""The JSON of places, offers and bookings: what goes in, what comes out, and how a booking is written."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from ninja import Schema
from pydantic import BaseModel, Field

from booking.care.services.holds import HOLD
from booking.places.models import Booking
from booking.places.place_rules import DayCells
from booking.places.queries.offers import Offer
from booking.places.states import has_lapsed
from cms.core.calendar.times import at, iso
from cms.core.web import api_input
from cms.core.web.api_output import Moment, Problem

Mode = Literal["full_day", "half_day", "hourly", "temporary", "half_month"]


class CellOut(Schema):
    """Places left in one half-open piece of time."""

    starts_at: Moment
    ends_at: Moment
    remaining: int


class AvailabilityOut(Schema):
    """The cells of some days; `stale` and `needs_answer` as in the offers."""

    raster_minutes: int
    as_of: Moment
    stale: bool
    needs_answer: bool
    cells: list[CellOut]


class OfferOut(Schema):
    """A stay that can be booked; `hourly` may go on until `max_ends_at`."""

    product: str
    mode: Mode
    starts_at: Moment
    ends_at: Moment
    max_ends_at: Moment | None = None
    remaining: int
    amount: int


class OfferList(Schema):
    """All offers of a day. `stale`: nobody vouches for the places now. `needs_answer`: confirming a booking makes a
    request (`requested`), because places are stale or the institution decides each time.
    """

    as_of: Moment
    stale: bool
    needs_answer: bool
    results: list[OfferOut]


class FullProblem(Problem):
    """A conflict; `full` brings what else can be booked that day."""

    alternatives: list[OfferOut] | None = None


class BookingIn(BaseModel):
    """A stay asked for; without `product` the cheapest fitting one.

    No ``ninja.Schema``: what comes in is a plain dictionary, which needs no getters for objects.
    """

    institution: str = Field(max_length=12)
    child: str = Field(max_length=12)
    mode: Mode
    product: str | None = Field(None, max_length=12)
    starts_at: api_input.Moment
    ends_at: api_input.Moment
    voucher: str | None = None


class BookingOut(Schema):
    """A booking of the caller's family; `expires_at` while it waits for the parent or the institution."""

    id: str
    reference: str
    status: str
    expires_at: Moment | None = None
    starts_at: Moment
    ends_at: Moment
    amount: int
    credit: int
    institution: str
    child: str
    mode: Mode
    free_cancel_until: Moment | None = None


class BookingList(Schema):
    """One page of bookings."""

    count: int
    page: int
    results: list[BookingOut]


def cells_out(day: dt.date, cells: DayCells) -> list[dict[str, Any]]:
    """The places of a day as JSON, by time."""
    midnight, step = at(day, dt.time.min), dt.timedelta(minutes=cells.step)
    starts = ((midnight + dt.timedelta(minutes=minute), cells.remaining[minute]) for minute in sorted(cells.remaining))
    return [{"starts_at": iso(start), "ends_at": iso(start + step), "remaining": free} for start, free in starts]


def offer_out(offer: Offer) -> dict[str, Any]:
    """An offer as JSON, in the shape of ``OfferOut``; a refusal sends many of them without validating them again."""
    latest = {"max_ends_at": iso(offer.max_ends_at)} if offer.max_ends_at else {}
    return {
        "product": offer.product.public_id,
        "mode": offer.mode,
        "starts_at": iso(offer.starts_at),
        "ends_at": iso(offer.ends_at),
        **latest,
        "remaining": offer.remaining,
        "amount": offer.amount,
    }


def booking_out(booking: Booking, *, now: dt.datetime) -> dict[str, Any]:
    """A booking loaded with institution and child as JSON; one that ran out is `expired` at read time."""
    lapsed = has_lapsed(booking, now=now)
    status = Booking.Status.EXPIRED if lapsed else booking.status
    waits = booking.status in (Booking.Status.HELD, Booking.Status.REQUESTED) and not lapsed
    return _out(
        booking,
        status=str(status),
        expires_at=booking.expires_at if waits else None,
        institution=booking.institution.public_id if booking.institution else "",
        child=booking.child.public_id if booking.child else "",
    )


def held_out(booking: Booking, *, institution: str, child: str) -> dict[str, Any]:
    """A booking as it was when it was held: a replay answers this too, regardless of later changes."""
    return _out(
        booking,
        status=str(Booking.Status.HELD),
        expires_at=booking.created_at + HOLD,
        institution=institution,
        child=child,
    )


def _out(
    booking: Booking, *, status: str, expires_at: dt.datetime | None, institution: str, child: str
) -> dict[str, Any]:
    return {
        "id": booking.public_id,
        "reference": booking.reference,
        "status": status,
        "expires_at": iso(expires_at) if expires_at else None,
        "starts_at": iso(booking.starts_at),
        "ends_at": iso(booking.ends_at),
        "amount": booking.amount,
        "credit": booking.credit,
        "institution": institution,
        "child": child,
        "mode": booking.mode,
        "free_cancel_until": iso(booking.free_cancel_until) if booking.free_cancel_until else None,
    }
