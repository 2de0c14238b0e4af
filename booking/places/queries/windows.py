"""Which stays a product admits on a day, and what they cost. Pure arithmetic on one product and one policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cms.core.calendar.times import at
from directory.districts.class_kinds import CareMode


class ProductTerms(Protocol):
    """The columns of a ``CareProduct`` that decide windows and price."""

    mode: str
    starts: dt.time
    ends: dt.time
    block_minutes: int | None
    fee: int


class StayTerms(Protocol):
    """The columns of a ``BookingPolicy`` that decide lengths."""

    raster_minutes: int
    minimum_minutes: int
    step_minutes: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a stay is not one of the product's: a stable word."""

    code: str


def day_window(product: ProductTerms, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The product's hours on a day."""
    return at(day, product.starts), at(day, product.ends)


def fixed_windows(product: ProductTerms, day: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The stays of a product that has fixed ones: the whole window, or each block."""
    opens, closes = day_window(product, day)
    if product.mode != CareMode.TEMPORARY:
        yield opens, closes
        return
    block = dt.timedelta(minutes=product.block_minutes or 0)
    start = opens
    while block and start + block <= closes:
        yield start, start + block
        start += block


def misfit(
    product: ProductTerms, policy: StayTerms, starts_at: dt.datetime, ends_at: dt.datetime, day: dt.date
) -> Misfit | None:
    """Why the stay is not one of the product's; None where it is."""
    opens, closes = day_window(product, day)
    if starts_at < opens or ends_at > closes:
        return Misfit("outside_hours")
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    if product.mode == CareMode.HOURLY:
        return _hourly_misfit(policy, minutes, since_opening=int((starts_at - opens).total_seconds()))
    if product.mode == CareMode.TEMPORARY:
        block = product.block_minutes or 1
        since = int((starts_at - opens).total_seconds() // 60)
        return Misfit("outside_hours") if minutes % block or since % block else None
    return None if (starts_at, ends_at) == (opens, closes) else Misfit("outside_hours")


def _hourly_misfit(policy: StayTerms, minutes: int, *, since_opening: int) -> Misfit | None:
    if minutes < policy.minimum_minutes:
        return Misfit("too_short")
    if (minutes - policy.minimum_minutes) % policy.step_minutes or since_opening % (policy.raster_minutes * 60):
        return Misfit("bad_step")
    return None


def price(product: ProductTerms, policy: StayTerms, starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    """The fee of a stay in fen: a day, a step (rounded up) or a block."""
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    if product.mode == CareMode.HOURLY:
        return product.fee * -(-minutes // policy.step_minutes)
    if product.mode == CareMode.TEMPORARY:
        return product.fee * (minutes // (product.block_minutes or minutes))
    return product.fee
