"""Booking's answers to the directory's questions about places (``directory.register.ports.Availability``)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import mark_safe

from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.queries.buckets import bucket_for, why_not_months
from booking.places.queries.day_minutes import PoolDays, read_days, shown_hours
from booking.places.queries.freshness import confirmed_many, is_stale
from booking.places.queries.places_in_words import NOTHING, CardWriter, WeekWriter, caregivers_by_kind
from booking.places.queries.policy import policy_of, rules_in_words
from booking.places.queries.who_can import find_free
from booking.places.sql import marks, rows
from cms.core.display.ribbon import render_scale
from directory.districts.class_kinds import ClassKind, class_kinds_for
from directory.register.ports import BookingRules, CardPlaces, WeekPlaces

#: Pools that run, so that a mixed class never stands in for a class that is run but closed just then.
RUN = """
SELECT p.institution_id, p.bucket FROM booking_capacitypool p
 WHERE p.kind = 'care' AND p.active AND p.bucket IN ({buckets}) AND p.institution_id IN ({institutions})
"""
ALL_KINDS = tuple(kind.value for kind in ClassKind)


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
    ) -> dict[int, int]:
        """Institutions that can take the age for the whole span → places left (at least 1); see ``find_free``.

        Times that have begun don't count.
        """
        if starts_at <= now:
            return {}
        return find_free(
            age_months=age_months, starts_at=starts_at, ends_at=ends_at, now=now, institution_ids=institution_ids
        )

    def best_on_day(
        self, *, age_months: int | None, day: dt.date, institution_ids: Collection[int] | None = None
    ) -> dict[int, int]:
        """Institutions with a place at any time of the day → the most places free at one time. One or two queries."""
        ids = list(institution_ids) if institution_ids is not None else _institutions_with_pools()
        kinds = class_kinds_for(age_months) if age_months is not None else None
        if kinds == ():
            return {}
        run = _run_buckets(kinds or ALL_KINDS, ids)
        found = {}
        for pk, pools in read_days(institution_ids=ids, start=day).items():
            bucket = None if kinds is None else next((kind for kind in kinds if kind in run.get(pk, ())), "")
            best = pools.days_of(bucket).get(day, NOTHING).best
            if best > 0:
                found[pk] = best
        return found

    def cards(
        self,
        *,
        institutions: Sequence[Any],
        age_months: int | None,
        day: dt.date | None,
        span: tuple[int, int] | None,
        now: dt.datetime,
    ) -> dict[int, CardPlaces]:
        """Ribbon, words and stamp of each institution's card: three queries whatever their number."""
        ids = [institution.pk for institution in institutions]
        if not ids:
            return {}
        groups = caregivers_by_kind(ids)
        confirmed = confirmed_many(ids)
        pools: Mapping[int, PoolDays] = {}
        if day is not None:
            pools = read_days(institution_ids=ids, start=day, buckets=_buckets(groups.values(), age_months))
        writer = CardWriter(age_months=age_months, day=day, span=span, now=now)
        return {
            institution.pk: writer.card(
                institution.name,
                groups.get(institution.pk, {}),
                pools.get(institution.pk),
                confirmed.get(institution.pk),
            )
            for institution in institutions
        }

    def week(
        self,
        *,
        institution_id: int,
        kinds_run: Collection[str],
        age_months: int | None,
        class_kind: str | None,
        start: dt.date,
        days: int,
        mine: tuple[dt.date, int, int] | None,
        now: dt.datetime,
    ) -> WeekPlaces | None:
        """The coming days of one institution for a class, an age, or the best of all: two queries."""
        if not kinds_run:
            return None
        reason = ""
        bucket = class_kind
        if bucket is None and age_months is not None:
            bucket = bucket_for(kinds_run, age_months)
            reason = "" if bucket else why_not_months(kinds_run, age_months=age_months, day=start)
        buckets = None if bucket is None else (bucket,)
        pools = read_days(institution_ids=[institution_id], start=start, days=days, buckets=buckets).get(institution_id)
        grouped = pools.days_of(bucket) if pools else {}
        confirmed = confirmed_many([institution_id]).get(institution_id)
        stale = is_stale(confirmed, now)
        hours = shown_hours(grouped.values())
        writer = WeekWriter(hours=hours, mine=mine, stale=stale, now=now)
        return WeekPlaces(
            class_kind=bucket,
            days=[writer.row(day, grouped.get(day, NOTHING)) for day in _days_from(start, days)],
            scale=mark_safe(render_scale(*hours)),  # noqa: S308 - made of numbers
            reason=reason,
            confirmed_at=confirmed,
            stale=stale,
        )

    def rules(self, *, institution_id: int) -> BookingRules:
        """The booking rules in words and as data: one query."""
        policy = policy_of(institution_id)
        data = {
            "raster_minutes": policy.raster_minutes,
            "opens_days_ahead": policy.opens_days_ahead,
            "cutoff_minutes": policy.cutoff_minutes,
            "temporary_cutoff_minutes": policy.temporary_cutoff_minutes,
            "minimum_minutes": policy.minimum_minutes,
            "step_minutes": policy.step_minutes,
            "free_cancel_days_before": policy.free_cancel_days_before,
            "free_cancel_clock": policy.free_cancel_clock.strftime("%H:%M"),
            "needs_acceptance": policy.needs_acceptance,
        }
        return BookingRules(words=rules_in_words(policy), data=data)


def _buckets(groups: Iterable[Mapping[str, int]], age_months: int | None) -> set[str] | None:
    """The pools to read for some institutions; None = all, since without a class for the age the best of all shows."""
    if age_months is None:
        return None
    wanted = {bucket_for(kinds, age_months) for kinds in groups}
    return None if None in wanted else {bucket for bucket in wanted if bucket}


def _days_from(start: dt.date, days: int) -> Iterator[dt.date]:
    return (start + dt.timedelta(days=number) for number in range(days))


def _institutions_with_pools() -> list[int]:
    sql = "SELECT institution_id FROM booking_capacitypool WHERE kind = 'care' AND active AND bucket = %s"
    return [row[0] for row in rows(sql, [HOUSE_BUCKET])]


def _run_buckets(kinds: Sequence[str], institution_ids: Sequence[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    if institution_ids:
        sql = RUN.format(buckets=marks(len(kinds)), institutions=marks(len(institution_ids)))
        for pk, bucket in rows(sql, [*kinds, *institution_ids]):
            found[pk].add(bucket)
    return found


#: One object for good: a port takes the same answer again when the apps are set up a second time.
availability = BookingAvailability()
