"""What can be booked on a day, as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from booking.places.queries.buckets import bucket_for, kinds_run
from booking.places.queries.places import PlaceCell, PoolCells, day_cells
from booking.places.queries.policy import policy_of
from booking.places.queries.windows import fixed_windows
from booking.places.stay_rules import ProductTerms, StayTerms, day_window, last_call, last_day, price
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct, ClosingDay, Institution

__all__ = ["Offer", "OfferTerms", "PlaceCell", "PoolCells", "list_offers", "offers_of", "price"]


class OfferedProduct(ProductTerms, Protocol):
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

    product: OfferedProduct
    mode: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    max_ends_at: dt.datetime | None
    remaining: int
    amount: int


def list_offers(*, institution: Institution, age_months: int, day: dt.date, now: dt.datetime) -> list[Offer]:
    """Every offer of a day for a child of that age on that day, by time; empty when closed or nobody takes the age."""
    bucket = bucket_for(kinds_run(institution), age_months)
    if bucket is None or not institution.takes_bookings or _is_closed(institution, day):
        return []
    products = CareProduct.objects.filter(institution_id=institution.pk, active=True).order_by("fee", "pk")
    cells = PoolCells(day_cells(institution=institution, bucket=bucket, day=day))
    return offers_of(products, cells, OfferTerms(policy=policy_of(institution.pk), day=day, now=now))


def _is_closed(institution: Institution, day: dt.date) -> bool:
    return ClosingDay.objects.filter(institution_id=institution.pk, date=day).exists()


def offers_of(products: Iterable[OfferedProduct], cells: PoolCells, terms: OfferTerms) -> list[Offer]:
    """Offers of some products over a day's cells, each good as the body of a booking. No query."""
    if not cells.has_places or terms.day > last_day(terms.policy, terms.now):
        return []
    found: list[Offer] = []
    for product in products:
        if product.mode == CareMode.HOURLY:
            found += _hourly_offers(product, cells, terms)
        else:
            found += _fixed_offers(product, cells, terms)
    return sorted(found, key=lambda offer: (offer.starts_at, offer.ends_at, offer.amount))


def _fixed_offers(product: OfferedProduct, cells: PoolCells, terms: OfferTerms) -> list[Offer]:
    found = []
    for starts_at, ends_at in fixed_windows(product, terms.day):
        if terms.now > last_call(terms.policy, product.mode, starts_at):
            continue
        remaining = cells.remaining(starts_at, ends_at)
        if remaining > 0:
            amount = price(product, terms.policy, starts_at, ends_at)
            found.append(Offer(product, product.mode, starts_at, ends_at, None, remaining, amount))
    return found


def _hourly_offers(product: OfferedProduct, cells: PoolCells, terms: OfferTerms) -> list[Offer]:
    policy = terms.policy
    opens, closes = day_window(product, terms.day)
    minimum = dt.timedelta(minutes=policy.minimum_minutes)
    raster = dt.timedelta(minutes=policy.raster_minutes)
    found = []
    start = opens
    while start + minimum <= closes:
        if terms.now <= last_call(policy, product.mode, start):
            offer = _hourly_offer(product, cells, policy, start, closes)
            if offer:
                found.append(offer)
        start += raster
    return found


def _hourly_offer(
    product: OfferedProduct, cells: PoolCells, policy: StayTerms, start: dt.datetime, closes: dt.datetime
) -> Offer | None:
    ends_at = start + dt.timedelta(minutes=policy.minimum_minutes)
    free_until = min(cells.free_until(start), closes)
    if free_until < ends_at:
        return None
    remaining = cells.remaining(start, ends_at)
    if remaining <= 0:
        return None
    step = dt.timedelta(minutes=policy.step_minutes)
    latest = ends_at + (free_until - ends_at) // step * step
    return Offer(product, product.mode, start, ends_at, latest, remaining, price(product, policy, start, ends_at))
