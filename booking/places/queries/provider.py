"""Booking's answers to the directory's questions about places (``directory.register.ports.FreePlaces``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from booking.places.bookable_days import ANY_CLASS, BookableDays
from booking.places.place_rules import PlacesProblem, StayAnswer, open_span, shown_hours
from booking.places.queries.asked_stay import cheapest_stay
from booking.places.queries.buckets import first_month_taken
from booking.places.queries.free_places import read_bookable_days
from booking.places.queries.policy import policy_and_word_of
from booking.places.queries.who_can import find_free, find_priced
from directory.register.ports import (
    BookingRules,
    DayPlaces,
    InstitutionPlaces,
    PricedPlaces,
    PricedStay,
    WeekPlaces,
)


class BookingAvailability:
    """The provider registered with the directory."""

    def institutions_with_places(
        self,
        *,
        age_months: int,
        starts_at: dt.datetime,
        ends_at: dt.datetime,
        now: dt.datetime,
        institution_ids: Collection[int] | None = None,
        mode: str = "",
    ) -> dict[int, int]:
        """Institutions where the whole span can be booked now → places left (at least 1); see ``find_free``."""
        return find_free(
            age_months=age_months,
            starts_at=starts_at,
            ends_at=ends_at,
            now=now,
            institution_ids=institution_ids,
            mode=mode,
        )

    def institutions_with_prices(
        self, *, age_months: int, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime, mode: str = ""
    ) -> dict[int, PricedPlaces]:
        """The same with what the cheapest such stay costs; see ``find_priced``."""
        return find_priced(age_months=age_months, starts_at=starts_at, ends_at=ends_at, now=now, mode=mode)

    def on_day(
        self,
        *,
        institution_ids: Sequence[int],
        age_months: int | None,
        day: dt.date,
        span: tuple[int, int] | None,
        now: dt.datetime,
        mode: str = "",
    ) -> dict[int, InstitutionPlaces]:
        """The places of each institution that day: two queries, regardless of their number."""
        found = read_bookable_days(institution_ids=institution_ids, start=day, now=now, age_months=age_months)
        return {pk: _on_day(days, day, span, age_months, mode) for pk, days in found.items()}

    def week(
        self,
        *,
        institution_id: int,
        age_months: int | None,
        class_kind: str | None,
        start: dt.date,
        days: int,
        asked_day: dt.date | None,
        span: tuple[int, int] | None,
        now: dt.datetime,
    ) -> WeekPlaces | None:
        """The coming days of one institution for a class, an age, or the best of all: two queries."""
        age_read = age_months if class_kind is None else None
        read = read_bookable_days(
            institution_ids=[institution_id], start=start, days=days, now=now, age_months=age_read
        )
        found = read.get(institution_id)
        if found is None or not found.kinds:
            return None
        bucket = class_kind if class_kind in found.kinds else found.class_for(age_months)
        dates = [start + dt.timedelta(days=number) for number in range(days)]
        opened = [hours for date in dates for hours in open_span(found.cells(date, bucket))]
        return WeekPlaces(
            class_kind=None if bucket == ANY_CLASS else bucket,
            problem="" if bucket else PlacesProblem.AGE,
            first_month=_first_month(found, bucket, age_months),
            days=[_day(found, date, bucket, span if date == asked_day else None) for date in dates],
            hours=shown_hours(opened),
            confirmed_at=found.confirmed_at,
            stale=found.stale,
            needs_answer=found.needs_answer,
            other_day=_other_day(found, dates, bucket, asked_day, span),
        )

    def rules(self, *, institution_id: int, now: dt.datetime) -> BookingRules:
        """The booking rules in force there: one query."""
        policy, word = policy_and_word_of(institution_id, now)
        return BookingRules(
            raster_minutes=policy.raster_minutes,
            opens_days_ahead=policy.opens_days_ahead,
            cutoff_minutes=policy.cutoff_minutes,
            temporary_cutoff_minutes=policy.temporary_cutoff_minutes,
            minimum_minutes=policy.minimum_minutes,
            step_minutes=policy.step_minutes,
            free_cancel_days_before=policy.free_cancel_days_before,
            free_cancel_clock=policy.free_cancel_clock,
            needs_acceptance=policy.needs_acceptance,
            needs_answer=word.needs_answer,
            confirmed_at=policy.confirmed_at,
        )


def _on_day(
    days: BookableDays, day: dt.date, span: tuple[int, int] | None, age_months: int | None, mode: str
) -> InstitutionPlaces:
    bucket = days.class_for(age_months)
    stay = cheapest_stay(days, day, bucket, span, mode=mode) if span else None
    kind = None if bucket == ANY_CLASS else bucket
    return InstitutionPlaces(
        day=_day(days, day, bucket, span, mode),
        hours=shown_hours(open_span(days.cells(day, bucket or ANY_CLASS))),
        class_kind=kind,
        first_month=_first_month(days, bucket, age_months),
        caregivers=days.caregivers.get(kind, 0) if kind else 0,
        has_classes=bool(days.kinds),
        confirmed_at=days.confirmed_at,
        stale=days.stale,
        needs_answer=days.needs_answer,
        stay=PricedStay(stay.starts, stay.ends, stay.amount) if stay else None,
    )


def _day(
    days: BookableDays, day: dt.date, bucket: str | None, span: tuple[int, int] | None, mode: str = ""
) -> DayPlaces:
    """Where nobody takes the age the places of the best class are shown, though none of them answers the question."""
    answer = _best(days, day, bucket, span, mode)
    cells = days.cells(day, bucket or ANY_CLASS)
    return DayPlaces(
        day=day,
        step=cells.step,
        remaining=cells.remaining,
        free=answer.remaining,
        problem=answer.problem,
        bookable_from=days.first_minute(day),
    )


def _best(
    days: BookableDays, day: dt.date, bucket: str | None, span: tuple[int, int] | None, mode: str = ""
) -> StayAnswer:
    return days.best_covering(day, bucket, *span, mode=mode) if span else days.best_stay(day, bucket, mode=mode)


def _other_day(
    days: BookableDays,
    dates: Sequence[dt.date],
    bucket: str | None,
    asked_day: dt.date | None,
    span: tuple[int, int] | None,
) -> tuple[dt.date, int] | None:
    """The day to go to from an asked one without a place."""
    if asked_day is None or _best(days, asked_day, bucket, span).remaining:
        return None
    nearest = [*(date for date in dates if date > asked_day), *(date for date in reversed(dates) if date < asked_day)]
    answers = ((date, _best(days, date, bucket, span).remaining) for date in nearest)
    return next((answer for answer in answers if answer[1]), None)


def _first_month(days: BookableDays, bucket: str | None, age_months: int | None) -> int | None:
    return None if bucket or age_months is None else first_month_taken(days.kinds, age_months)


#: One object for good: a port takes the same answer again when the apps are set up a second time.
availability = BookingAvailability()
