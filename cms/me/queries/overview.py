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
    """What 我的 shows first."""

    next_booking: Booking | None
    cards: list[Card]
    children: list[Child]
    pickup: list[PickupPerson]
    ask_again: bool


def overview_of(user: User, *, now: dt.datetime) -> Overview:
    """Everything of the first page."""
    member = membership_of(user)
    children = list(children_of(user))
    return Overview(
        next_booking=coming_bookings(user, now=now).first(),
        cards=cards_of(user, now=now),
        children=children,
        pickup=list(pickup_persons_of(user)),
        ask_again=bool(children) and member is not None and member.is_guardian and _text_changed(member),
    )


def _text_changed(member: FamilyMember) -> bool:
    try:
        return bool(children_to_ask_again(member.family, current_text()))
    except NoConsentText:
        return False
