"""The ways of being looked after that a family can ask for, and what the asked hours cost in each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from booking.places.bookable_days import BookableDays, BookingTerms, OfferedProduct
from booking.places.enums import BOOKABLE_MODES
from booking.places.queries.asked_stay import CoveringStay, cheapest_stay
from booking.places.queries.free_places import read_day
from booking.places.stay_rules import last_day
from cms.core.calendar.times import age_in_months, local_date, minutes_of
from directory.districts.class_kinds import CareMode
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class OfferedMode:
    """A mode with its products, cheapest first, and the cheapest stay for the asked hours, None where there is none."""

    mode: CareMode
    products: list[OfferedProduct]
    stay: CoveringStay | None


@dataclass(frozen=True, slots=True)
class OfferedModes:
    """All modes, under the booking rules that hold for them."""

    terms: BookingTerms
    modes: list[OfferedMode]


@dataclass(frozen=True, slots=True)
class ModeQuestion:
    """What was answered before: day and hours, where both are known, and the child."""

    day: dt.date | None
    span: tuple[dt.time, dt.time] | None
    birth_date: dt.date | None


def read_modes(*, institution: Institution, question: ModeQuestion, now: dt.datetime) -> OfferedModes:
    """Every mode of which a stay can be booked up to the last day open, with the fees of the asked day (else today)."""
    today = local_date(now)
    asked = question.day if question.day and question.day >= today else None
    day = asked or today
    age = age_in_months(question.birth_date, day) if question.birth_date else None
    days = read_day(institution=institution, day=day, now=now, age_months=age)
    bucket = days.class_for(age)
    # What begins within the days open can be chosen too, at the fee with which it begins.
    listed = days.offered(max(day, last_day(days.terms, now)), bucket)
    span = (minutes_of(question.span[0]), minutes_of(question.span[1])) if asked and question.span else None
    modes = [mode for mode in BOOKABLE_MODES if any(product.mode == mode for product in listed)]
    return OfferedModes(days.terms, [_mode(days, mode, (day, bucket, span), listed) for mode in modes])


def _mode(
    days: BookableDays,
    mode: CareMode,
    asked: tuple[dt.date, str | None, tuple[int, int] | None],
    listed: list[OfferedProduct],
) -> OfferedMode:
    day, bucket, span = asked
    products = [product for product in days.offered(day, bucket) if product.mode == mode]
    later = [product for product in listed if product.mode == mode]
    stay = cheapest_stay(days, day, bucket, span, mode=mode) if span else None
    return OfferedMode(mode, products or later, stay)
