"""The rules of a stay, on plain data: no query, no model. Hold and reader of free places ask the same functions; only
cut-off and window the reader asks by minutes of a day (``place_rules.earliest_start``, held to these by its tests).

``terms`` is anything with the columns of a ``BookingPolicy``, ``product`` anything with those of a ``CareProduct``.
A rule answers with a :class:`StayProblem`, or None where it has nothing against the stay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cms.core.calendar.times import at, local_date, minutes_of
from directory.districts.class_kinds import CareMode, class_kinds_for

#: How long a request waits for the institution at most.
REQUEST_LASTS = dt.timedelta(hours=24)
#: Where a child is, is recorded by quarters of an hour, regardless of the institution's raster.
SLOT_MINUTES = 15


class ProductTerms(Protocol):
    """What decides the hours and the price of a product."""

    mode: str
    starts: dt.time
    ends: dt.time
    block_minutes: int | None
    fee: int


class StayTerms(Protocol):
    """What decides lengths, cut-off and opening window; ``BookingPolicy`` has the defaults."""

    raster_minutes: int
    opens_days_ahead: int
    cutoff_minutes: int
    temporary_cutoff_minutes: int
    minimum_minutes: int
    step_minutes: int
    free_cancel_days_before: int
    free_cancel_clock: dt.time


class StayProblem(StrEnum):
    """Why a stay can't be booked, in words that callers of the API rely on."""

    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    BAD_STEP = "bad_step"
    TOO_SHORT = "too_short"
    TOO_LATE = "too_late"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class ClosedPart:
    """A closing on one day: ``kind`` of class, "" for all of them; minutes of the day, half-open."""

    kind: str
    starts: int
    ends: int

    @property
    def is_all(self) -> bool:
        """Whether nobody is looked after on that day."""
        return not self.kind and self.starts <= 0 and self.ends >= 24 * 60

    def covers(self, kind: str, starts: int, ends: int) -> bool:
        """Whether a class of this kind is closed at any of these minutes."""
        return self.kind in ("", kind) and self.starts < ends and starts < self.ends


def standing_problem(*, takes_bookings: bool, closed: bool) -> StayProblem | None:
    """``takes_bookings``: authorised and not under rectification; ``closed``: all of it is closed that day."""
    return None if takes_bookings and not closed else StayProblem.CLOSED


def span_problem(starts_at: dt.datetime, ends_at: dt.datetime) -> StayProblem | None:
    """A stay is a span of whole minutes within one day."""
    if ends_at <= starts_at or local_date(starts_at) != local_date(ends_at):
        return StayProblem.OUTSIDE_HOURS
    if any(moment.second or moment.microsecond for moment in (starts_at, ends_at)):
        return StayProblem.BAD_STEP
    return None


def bucket_for(kinds: Collection[str], age_months: int) -> str | None:
    """The child's own class, else the mixed class where the own one is not run; None when nobody may take the age."""
    return next((kind for kind in class_kinds_for(age_months) if kind in kinds), None)


def stay_problem(
    product: ProductTerms, terms: StayTerms, starts_at: dt.datetime, ends_at: dt.datetime, day: dt.date
) -> StayProblem | None:
    """Why the stay is not one of the product's; None where it is."""
    midnight = at(day, dt.time.min)
    return problem_of_minutes(product, terms, _minutes(midnight, starts_at), _minutes(midnight, ends_at))


def problem_of_minutes(product: ProductTerms, terms: StayTerms, starts: int, ends: int) -> StayProblem | None:
    """The same for minutes of a day."""
    opens, closes = minutes_of(product.starts), minutes_of(product.ends)
    if starts < opens or ends > closes:
        return StayProblem.OUTSIDE_HOURS
    if product.mode == CareMode.HOURLY:
        return _hourly_problem(terms, ends - starts, starts - opens)
    if product.mode == CareMode.TEMPORARY:
        block = product.block_minutes or 1
        return StayProblem.OUTSIDE_HOURS if (ends - starts) % block or (starts - opens) % block else None
    return None if (starts, ends) == (opens, closes) else StayProblem.OUTSIDE_HOURS


def _hourly_problem(terms: StayTerms, minutes: int, since_opening: int) -> StayProblem | None:
    if minutes < terms.minimum_minutes:
        return StayProblem.TOO_SHORT
    if (minutes - terms.minimum_minutes) % terms.step_minutes or since_opening % terms.raster_minutes:
        return StayProblem.BAD_STEP
    return None


def notice_problem(terms: StayTerms, mode: str, starts_at: dt.datetime, now: dt.datetime) -> StayProblem | None:
    """Cut-off and opening window; the very moment of the last call and the last day still count."""
    if now > last_call(terms, mode, starts_at):
        return StayProblem.TOO_LATE
    if local_date(starts_at) > last_day(terms, now):
        return StayProblem.TOO_EARLY
    return None


def cutoff_minutes(terms: StayTerms, mode: str) -> int:
    """How long before its start a stay of this mode can last be booked, in minutes."""
    return terms.temporary_cutoff_minutes if mode == CareMode.TEMPORARY else terms.cutoff_minutes


def last_call(terms: StayTerms, mode: str, starts_at: dt.datetime) -> dt.datetime:
    """The last moment to book a stay."""
    return starts_at - dt.timedelta(minutes=cutoff_minutes(terms, mode))


def last_day(terms: StayTerms, now: dt.datetime) -> dt.date:
    """The furthest day that can be booked today."""
    return local_date(now) + dt.timedelta(days=terms.opens_days_ahead)


def free_cancel_until(terms: StayTerms, service_date: dt.date) -> dt.datetime:
    """Until when cancelling is free, e.g. 14:00 of the day before."""
    return at(service_date - dt.timedelta(days=terms.free_cancel_days_before), terms.free_cancel_clock)


def needs_answer(*, needs_acceptance: bool, stale: bool) -> bool:
    """Whether confirming makes a request: the institution decides each time, or nobody vouches for its places now."""
    return bool(needs_acceptance) or stale


def answer_until(terms: StayTerms, mode: str, starts_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Until when a request waits for the institution: 24 hours, at most to the last call.

    A hold taken before the last call may be confirmed after it: such a request waits until the stay begins.
    """
    call = last_call(terms, mode, starts_at)
    return min(now + REQUEST_LASTS, call if now < call else starts_at)


def price(product: ProductTerms, terms: StayTerms, starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    """The fee of a stay in fen."""
    return price_of_minutes(product, terms, _minutes(starts_at, ends_at))


def price_of_minutes(product: ProductTerms, terms: StayTerms, minutes: int) -> int:
    """The fee of so many minutes: of a day, by steps (rounded up), or by blocks."""
    if product.mode == CareMode.HOURLY:
        return product.fee * -(-minutes // terms.step_minutes)
    if product.mode == CareMode.TEMPORARY:
        return product.fee * (minutes // (product.block_minutes or minutes))
    return product.fee


def slots_between(starts_at: dt.datetime, ends_at: dt.datetime) -> list[dt.datetime]:
    """The quarters of an hour that a stay touches, on the raster common to all institutions, in order."""
    past = dt.timedelta(
        minutes=starts_at.minute % SLOT_MINUTES, seconds=starts_at.second, microseconds=starts_at.microsecond
    )
    slot, found = starts_at - past, []
    while slot < ends_at:
        found.append(slot)
        slot += dt.timedelta(minutes=SLOT_MINUTES)
    return found


def _minutes(starts_at: dt.datetime, ends_at: dt.datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)
