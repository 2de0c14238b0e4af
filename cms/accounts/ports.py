"""What upper apps tell the accounts: who works where, which class a child is in, what a family has booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from cms.accounts.models import User
from cms.core.runtime.ports import ManyPort, Port


@dataclass(frozen=True, slots=True)
class Posts:
    """A user's work on this site, as far as signing in depends on it.

    ``caregiver_needs_factor`` is the setting of an institution that wants a second factor of its caregivers too.
    """

    district_staff: bool = False
    manager: bool = False
    caregiver: bool = False
    caregiver_needs_factor: bool = False
    site_editor: bool = False

    @property
    def opens_admin(self) -> bool:
        """Whether the user's work is in the admin."""
        return self.district_staff or self.site_editor

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password or a code alone must not open the work pages."""
        return self.opens_admin or self.manager or (self.caregiver and self.caregiver_needs_factor)

    @property
    def any(self) -> bool:
        """Whether the user works here at all."""
        return self.opens_admin or self.manager or self.caregiver


@dataclass(frozen=True, slots=True)
class ChildClass:
    """The class of a child on a day in words, or why it has none; and the next class with the day it begins."""

    words: str
    next_words: str = ""
    next_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A row of the first page of 我的 that leads to a page of its app; ``order`` counts from the top."""

    order: int
    icon: str
    label: str
    url_name: str
    note: str


#: Where a user works: district offices, the site itself, institutions.
posts: Port[Callable[[Any], Posts]] = Port("accounts.posts", asks="Where does this user work?")
#: (birth date, day) → the child's class.
child_class: Port[Callable[[dt.date, dt.date], ChildClass]] = Port(
    "accounts.child_class", asks="Which class is a child in on a day, and which one comes next?"
)

#: (user, now) → how many of the family's bookings of care are still to come or under way.
coming_bookings: Port[Callable[[User, dt.datetime], int]] = Port(
    "accounts.coming_bookings", asks="How many stays has this user's family booked that are not over yet?"
)
#: (user, now) → the row; each answer costs a fixed number of queries.
cards: ManyPort[Callable[[User, dt.datetime], Card]] = ManyPort(
    "accounts.cards", asks="Which pages of 我的 does this app bring, and what do they say now?"
)


def cards_of(user: User, *, now: dt.datetime) -> list[Card]:
    """Every app's rows, from the top."""
    return sorted((answer(user, now) for answer in cards.all().values()), key=lambda card: card.order)


def count_coming_bookings(user: User, *, now: dt.datetime) -> int:
    """How many stays the user's family has booked that are not over yet."""
    answer = coming_bookings.get()
    return answer(user, now) if answer else 0


def posts_of(user: Any) -> Posts:
    """The posts of a signed-in user. A superuser counts as district staff."""
    provider = posts.get()
    found = provider(user) if provider else Posts()
    if getattr(user, "is_superuser", False):
        return replace(found, district_staff=True)
    return found
