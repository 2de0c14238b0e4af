"""Offers: the stays of a day that can be booked."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from booking.places.bookable_days import BookableDays
from booking.places.place_rules import DayCells, earliest_start, is_too_early, shortest_stays
from booking.places.queries.free_places import read_day
from booking.places.stay_rules import ProductTerms, StayTerms, price_of_minutes
from cms.core.calendar.times import at, minutes_of
from directory.districts.class_kinds import CareMode
from directory.register.models import Institution


class PublishedProduct(ProductTerms, Protocol):
    """A product with its identifier."""

    public_id: str


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """Rules and clock under which offers are made."""

    policy: StayTerms
    day: dt.date
    now: dt.datetime


class Offer(NamedTuple):
    """A stay that can be booked: for ``hourly`` the minimum stay from ``starts_at``, ending at most ``max_ends_at``."""

    product: PublishedProduct
    mode: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    max_ends_at: dt.datetime | None
    remaining: int
    amount: int


def list_offers(*, institution: Institution, age_months: int, day: dt.date, now: dt.datetime) -> list[Offer]:
    """Every offer of a day for a child of that age on that day, by time; empty when closed or nobody takes the age."""
    days = read_day(institution=institution, day=day, now=now, age_months=age_months)
    return offers_on(days, day, age_months)


def offers_on(days: BookableDays, day: dt.date, age_months: int) -> list[Offer]:
    """The same from a day that was read."""
    bucket = days.class_for(age_months)
    terms = OfferTerms(policy=days.terms, day=day, now=days.now)
    return offers_of(days.offered(day, bucket), days.cells(day, bucket), terms)


def offers_of(products: Iterable[PublishedProduct], cells: DayCells, terms: OfferTerms) -> list[Offer]:
    """Offers of some products over a day's places, each good as the body of a booking. No query."""
    if not any(cells.remaining.values()) or is_too_early(terms.policy, terms.day, terms.now):
        return []
    day = _DayOffers(cells, terms)
    found = [offer for product in products for offer in day.of(product)]
    return sorted(found, key=lambda offer: (offer.starts_at, offer.ends_at, offer.amount))


class _DayOffers:
    """The offers of a day, product by product; what they share is worked out once."""

    def __init__(self, cells: DayCells, terms: OfferTerms) -> None:
        self.cells, self.terms = cells, terms
        self.free_ends = cells.free_ends()
        midnight = at(terms.day, dt.time.min)
        self.moment = functools.cache(lambda minutes: midnight + dt.timedelta(minutes=minutes))

    def of(self, product: PublishedProduct) -> Iterator[Offer]:
        """The shortest stays of a product that have a place and may still begin."""
        terms = self.terms
        first = earliest_start(terms.policy, product.mode, terms.day, terms.now)
        for starts, ends in shortest_stays(product, terms.policy):
            if starts >= first and (remaining := self.cells.least(starts, ends)):
                amount = price_of_minutes(product, terms.policy, ends - starts)
                stay = self.moment(starts), self.moment(ends), self._latest(product, starts, ends)
                yield Offer(product, product.mode, *stay, remaining, amount)

    def _latest(self, product: PublishedProduct, starts: int, ends: int) -> dt.datetime | None:
        """Until when an hourly stay may be prolonged by whole steps."""
        if product.mode != CareMode.HOURLY:
            return None
        free, step = min(self.free_ends[starts], minutes_of(product.ends)), self.terms.policy.step_minutes
        return self.moment(ends + (free - ends) // step * step)
