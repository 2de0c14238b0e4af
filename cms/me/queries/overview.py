"""The first page of 我的 in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.care.queries.bookings import coming_bookings
from booking.care.queries.summary import free_cancel_words
from booking.places.models import Booking
from cms.accounts.family.queries.child_lines import ChildLine, child_line
from cms.accounts.family.queries.consents import NoConsentText, children_to_ask_again, current_text
from cms.accounts.family.queries.families import children_of, membership_of, pickup_persons_of
from cms.accounts.models import FamilyMember, User
from cms.accounts.ports import Card, cards_of
from cms.core.calendar.times import local_date


@dataclass(frozen=True, slots=True)
class Overview:
    """What 我的 says first."""

    member: FamilyMember | None
    next_booking: Booking | None
    next_note: str
    free_cancel: str
    cards: list[Card]
    children: list[ChildLine]
    pickup: str
    ask_again: bool


def overview_of(user: User, *, now: dt.datetime) -> Overview:
    """Everything of the first page."""
    today = local_date(now)
    following = coming_bookings(user, now=now).first()
    member = membership_of(user)
    lines = [child_line(child, today) for child in children_of(user)]
    return Overview(
        member=member,
        next_booking=following,
        next_note=days_until(following.service_date, today) if following else "",
        free_cancel=free_cancel_words(following, now) if following else "",
        cards=cards_of(user, now=now),
        children=lines,
        pickup="、".join(person.relation or person.name for person in pickup_persons_of(user)),
        ask_again=bool(lines) and member is not None and _text_changed(member),
    )


def days_until(date: dt.date, today: dt.date) -> str:
    """「今天」, 「明天」, 「4 天后」."""
    left = (date - today).days
    if left <= 0:
        return _("今天")
    return _("明天") if left == 1 else _("%(count)s 天后") % {"count": left}


def _text_changed(member: FamilyMember) -> bool:
    try:
        return bool(children_to_ask_again(member.family, current_text()))
    except NoConsentText:
        return False
