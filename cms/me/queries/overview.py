"""The first page of 我的 in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from booking.care.queries.bookings import coming_bookings
from booking.places.models import Booking
from cms.accounts.family.queries.consents import NoConsentText, children_to_ask_again, current_text
from cms.accounts.family.queries.families import children_of, membership_of, pickup_persons_of
from cms.accounts.models import Child, FamilyMember, PickupPerson, User
from cms.accounts.ports import Card, cards_of


@dataclass(frozen=True, slots=True)
class Overview:
    """What 我的 shows first. A place that is only held stands before the next booking: it waits for minutes alone."""

    next_bookings: list[Booking]
    cards: list[Card]
    children: list[Child]
    pickup: list[PickupPerson]
    ask_again: bool


def overview_of(user: User, *, now: dt.datetime) -> Overview:
    """Everything of the first page."""
    member = membership_of(user)
    children = list(children_of(user))
    return Overview(
        next_bookings=_next_bookings(user, now=now),
        cards=cards_of(user, now=now),
        children=children,
        pickup=list(pickup_persons_of(user)),
        ask_again=bool(children) and member is not None and member.is_guardian and _text_changed(member),
    )


def _next_bookings(user: User, *, now: dt.datetime) -> list[Booking]:
    """The first hold and the first of what is booked, as far as there are any."""
    coming = coming_bookings(user, now=now)
    held, booked = coming.filter(status=Booking.Status.HELD).first(), coming.exclude(status=Booking.Status.HELD).first()
    return [booking for booking in (held, booked) if booking is not None]


def _text_changed(member: FamilyMember) -> bool:
    try:
        return bool(children_to_ask_again(member.family, current_text()))
    except NoConsentText:
        return False
