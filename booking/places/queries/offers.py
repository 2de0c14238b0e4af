"""Offers: the stays of a day that can be booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from booking.places.place_rules import DayCells, earliest_start, is_too_early, shortest_stays
from booking.places.queries.free_places import read_day
from booking.places.stay_rules import ProductTerms, StayTerms, price
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


@dataclass(frozen=True, slots=True)
class Offer:
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
    cells = days.cells(day, days.class_for(age_months))
    return offers_of(days.products, cells, OfferTerms(policy=days.terms, day=day, now=now))


def offers_of(products: Iterable[PublishedProduct], cells: DayCells, terms: OfferTerms) -> list[Offer]:
    """Offers of some products over a day's places, each good as the body of a booking. No query."""
    if not any(cells.remaining.values()) or is_too_early(terms.policy, terms.day, terms.now):
        return []
    found: list[Offer] = []
    for product in products:
        first = earliest_start(terms.policy, product.mode, terms.day, terms.now)
        for starts, ends in shortest_stays(product, terms.policy):
            if starts >= first and (remaining := cells.least(starts, ends)):
                found.append(_offer(product, cells, terms, starts, ends, remaining))
    return sorted(found, key=lambda offer: (offer.starts_at, offer.ends_at, offer.amount))


def _offer(
    product: PublishedProduct, cells: DayCells, terms: OfferTerms, starts: int, ends: int, remaining: int
) -> Offer:
    midnight = at(terms.day, dt.time.min)
    starts_at, ends_at = (midnight + dt.timedelta(minutes=minutes) for minutes in (starts, ends))
    latest = None
    if product.mode == CareMode.HOURLY:
        free_until = min(cells.free_until(starts), minutes_of(product.ends))
        step = terms.policy.step_minutes
        latest = midnight + dt.timedelta(minutes=ends + (free_until - ends) // step * step)
    amount = price(product, terms.policy, starts_at, ends_at)
    return Offer(product, product.mode, starts_at, ends_at, latest, remaining, amount)
