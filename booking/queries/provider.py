"""Booking's answers to the directory's questions about places (``directory.extension.Availability``)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from booking.models.capacity import HOUSE_BUCKET
from booking.queries.buckets import bucket_for, why_not_months
from booking.queries.freshness import confirmed_many, confirmed_since, is_stale, stamp_in_words
from booking.queries.places import PlaceCell, PoolCells, bucket_cells, by_day, read_spans, ribbon_hours, ribbon_of
from booking.queries.policy import policy_of, rules_in_words
from booking.sql import marks, moment_in, rows
from cms.core.ribbon import FEW, render_scale
from cms.core.times import at, day_bounds, local
from directory.class_kinds import CareMode, class_kinds_for
from directory.extension import BookingRules, CardPlaces, DayPlaces, WeekPlaces
from directory.models import ClassGroup, Institution

#: The least of (capacity − taken) over a span, and how much of it is covered, per institution and pool.
LEAST = """
SELECT p.institution_id, p.bucket, p.raster_minutes, COUNT(*), MIN(c.capacity - c.taken)
  FROM booking_capacitycell c JOIN booking_capacitypool p ON p.id = c.pool_id
 WHERE c.starts_at >= %s AND c.starts_at < %s AND p.kind = 'care' AND p.active
   AND p.bucket IN ({buckets}) {institutions}
 GROUP BY p.institution_id, p.bucket, p.raster_minutes
"""
#: Pools that run, so that a mixed class never stands in for a class that is run but closed just then.
RUN = """
SELECT p.institution_id, p.bucket FROM booking_capacitypool p
 WHERE p.kind = 'care' AND p.active AND p.bucket IN ({buckets}) {institutions}
"""
#: Windows of the products, to know whether a span can be booked as it is or only within a longer fixed stay.
PRODUCTS = """
SELECT p.institution_id, p.mode, p.starts, p.ends FROM directory_careproduct p
 WHERE p.active AND p.starts <= %s AND p.ends >= %s {institutions}
"""
FLEXIBLE = frozenset({CareMode.HOURLY.value, CareMode.TEMPORARY.value})


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
        """Institutions that can take the age for the whole span → places left (at least 1).

        Hourly and temporary care must cover the span; where only fixed windows (full or half day) cover it, places are
        those of the whole window. Stale places and times that have begun don't count. Four queries, and one more for
        each distinct fixed window.
        """
        kinds = class_kinds_for(age_months)
        if not kinds or ends_at <= starts_at or starts_at <= now:
            return {}
        run = _run_buckets(kinds, institution_ids)
        flexible, windows = _windows(starts_at, ends_at, institution_ids)
        found = _least(kinds, run, starts_at, ends_at, flexible, narrow=institution_ids is not None)
        for (opens, closes), ids in windows.items():
            found |= _least(kinds, run, opens, closes, ids - found.keys(), narrow=True)
        fresh = confirmed_since(now)
        return {pk: places for pk, places in found.items() if pk in fresh}

    def best_on_day(
        self, *, age_months: int | None, day: dt.date, institution_ids: Collection[int] | None = None
    ) -> dict[int, int]:
        """Institutions with a place at any time of the day → the most places free at one time. One or two queries."""
        ids = list(institution_ids) if institution_ids is not None else _institutions_with_pools()
        kinds = class_kinds_for(age_months) if age_months is not None else None
        if kinds == ():
            return {}
        run = _run_buckets(kinds or tuple(_all_kinds()), ids)
        start, end = day_bounds(day)
        found = {}
        for pk, spans in read_spans(institution_ids=ids, starts_at=start, ends_at=end).items():
            bucket = None if kinds is None else next((k for k in kinds if k in run.get(pk, ())), "")
            best = max((cell.remaining for cell in bucket_cells(spans, bucket)), default=0)
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
        groups = _groups(ids)
        confirmed = confirmed_many(ids)
        spans: Mapping[int, Any] = {}
        if day is not None:
            start, end = day_bounds(day)
            spans = read_spans(institution_ids=ids, starts_at=start, ends_at=end)
        return {
            institution.pk: _card(
                institution.name,
                groups.get(institution.pk, {}),
                spans.get(institution.pk, {}),
                confirmed.get(institution.pk),
                age_months=age_months,
                day=day,
                span=span,
                now=now,
            )
            for institution in institutions
        }

    def week(
        self,
        *,
        institution: Institution,
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
        begins, ends = day_bounds(start)[0], day_bounds(start + dt.timedelta(days=days - 1))[1]
        buckets = (bucket, HOUSE_BUCKET) if bucket else None
        spans = read_spans(institution_ids=[institution.pk], starts_at=begins, ends_at=ends, buckets=buckets)
        grouped = by_day(bucket_cells(spans.get(institution.pk, {}), bucket))
        confirmed = confirmed_many([institution.pk]).get(institution.pk)
        stale = is_stale(confirmed, now)
        hours = ribbon_hours(grouped.values())
        return WeekPlaces(
            class_kind=bucket,
            days=[
                _day_row(start + dt.timedelta(days=n), grouped, hours, mine, stale=stale, now=now) for n in range(days)
            ],
            scale=mark_safe(render_scale(*hours)),  # noqa: S308 - made of numbers
            reason=reason,
            confirmed_at=confirmed,
            stale=stale,
        )

    def rules(self, *, institution: Institution) -> BookingRules:
        """The booking rules in words and as data: one query."""
        policy = policy_of(institution)
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


def _all_kinds() -> Iterable[str]:
    return ("infant", "toddler", "senior_toddler", "mixed")


def _institutions_with_pools() -> list[int]:
    sql = "SELECT institution_id FROM booking_capacitypool WHERE kind = 'care' AND active AND bucket = %s"
    return [row[0] for row in rows(sql, [HOUSE_BUCKET])]


def _narrow(institution_ids: Collection[int] | None) -> tuple[str, list[int]]:
    if institution_ids is None:
        return "", []
    wanted = list(institution_ids)
    return f"AND p.institution_id IN ({marks(len(wanted))})", wanted


def _run_buckets(kinds: Sequence[str], institution_ids: Collection[int] | None) -> dict[int, set[str]]:
    if institution_ids is not None and not institution_ids:
        return {}
    clause, wanted = _narrow(institution_ids)
    found: dict[int, set[str]] = defaultdict(set)
    for pk, bucket in rows(RUN.format(buckets=marks(len(kinds)), institutions=clause), [*kinds, *wanted]):
        found[pk].add(bucket)
    return found


def _windows(
    starts_at: dt.datetime, ends_at: dt.datetime, institution_ids: Collection[int] | None
) -> tuple[set[int], dict[tuple[dt.datetime, dt.datetime], set[int]]]:
    """Institutions whose flexible care covers the span, and the others by their fixed windows around it."""
    if institution_ids is not None and not institution_ids:
        return set(), {}
    from_clock, to_clock, day = _clocks(starts_at, ends_at)
    clause, wanted = _narrow(institution_ids)
    flexible: set[int] = set()
    fixed: dict[tuple[dt.datetime, dt.datetime], set[int]] = defaultdict(set)
    adapt = [_clock_in(from_clock), _clock_in(to_clock), *wanted]
    for pk, mode, starts, ends in rows(PRODUCTS.format(institutions=clause), adapt):
        if mode in FLEXIBLE:
            flexible.add(pk)
        else:
            fixed[at(day, starts), at(day, ends)].add(pk)
    return flexible, {window: ids - flexible for window, ids in fixed.items() if ids - flexible}


def _clocks(starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[dt.time, dt.time, dt.date]:
    first, last = local(starts_at), local(ends_at)
    return first.time(), last.time(), first.date()


def _clock_in(clock: dt.time) -> Any:
    return connection.ops.adapt_timefield_value(clock)


def _least(
    kinds: Sequence[str],
    run: Mapping[int, set[str]],
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    among: set[int],
    *,
    narrow: bool,
) -> dict[int, int]:
    """Places over a span for some institutions, by one aggregate over the cells of that span."""
    if not among:
        return {}
    clause, wanted = _narrow(among if narrow else None)
    sql = LEAST.format(buckets=marks(len(kinds) + 1), institutions=clause)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    parameters = [moment_in(starts_at), moment_in(ends_at), *kinds, HOUSE_BUCKET, *wanted]
    free: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, bucket, raster, count, least in rows(sql, parameters):
        if count * raster == minutes:
            free[pk][bucket] = least
    found = {}
    for pk in among & free.keys():
        bucket = next((kind for kind in kinds if kind in run.get(pk, ())), None)
        places = min(free[pk].get(bucket or "", 0), free[pk].get(HOUSE_BUCKET, 0))
        if places > 0:
            found[pk] = places
    return found


def _groups(ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """Caregivers by class kind of each institution."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows_ = ClassGroup.objects.filter(institution_id__in=ids, active=True)
    for pk, kind, caregivers in rows_.values_list("institution_id", "kind", "caregivers"):
        found[pk][kind] += caregivers
    return found


def _card(
    name: str,
    groups: Mapping[str, int],
    spans: Mapping[str, Any],
    confirmed: dt.datetime | None,
    *,
    age_months: int | None,
    day: dt.date | None,
    span: tuple[int, int] | None,
    now: dt.datetime,
) -> CardPlaces:
    if not groups:
        return CardPlaces(None, None, _("空位请电话询问"), "no", "", False)
    stale = is_stale(confirmed, now)
    bucket = bucket_for(groups, age_months) if age_months is not None else None
    stamp = stamp_in_words(confirmed, now, groups.get(bucket) if bucket else None)
    if day is None:
        return CardPlaces(None, None, "", "no", stamp, stale)
    if age_months is not None and bucket is None:
        cells = bucket_cells(spans, None)
        words = why_not_months(groups, age_months=age_months, day=day)
        return CardPlaces(_card_ribbon(name, cells, day, span, stale), 0, words, "no", stamp, stale)
    cells = bucket_cells(spans, bucket)
    remaining = _remaining(cells, day, span)
    words, tone = (_("请电话确认"), "no") if stale and cells else _answer(cells, remaining)
    return CardPlaces(_card_ribbon(name, cells, day, span, stale), remaining, words, tone, stamp, stale)


def _card_ribbon(
    name: str, cells: Sequence[PlaceCell], day: dt.date, span: tuple[int, int] | None, stale: bool
) -> SafeString:
    label = _("%(name)s%(weekday)s各时段空位") % {"name": name, "weekday": date_format(day, "D")}
    return ribbon_of(cells, label=label, mine=span, stale=stale)


def _remaining(cells: Sequence[PlaceCell], day: dt.date, span: tuple[int, int] | None) -> int:
    if span is None:
        return max((cell.remaining for cell in cells), default=0)
    midnight = at(day, dt.time.min)
    starts_at, ends_at = (midnight + dt.timedelta(minutes=minute) for minute in span)
    return PoolCells(cells).remaining(starts_at, ends_at)


def _answer(cells: Sequence[PlaceCell], remaining: int) -> tuple[str, str]:
    if remaining > FEW:
        return _("有 %d 位") % remaining, "yes"
    if remaining > 0:
        return _("仅 %d 位") % remaining, "few"
    return (_("已满"), "no") if cells else (_("这天不开放"), "no")


def _day_row(
    day: dt.date,
    grouped: Mapping[dt.date, Sequence[PlaceCell]],
    hours: tuple[int, int],
    mine: tuple[dt.date, int, int] | None,
    *,
    stale: bool,
    now: dt.datetime,
) -> DayPlaces:
    cells = grouped.get(day, [])
    asked = (mine[1], mine[2]) if mine and mine[0] == day else None
    label = _("%s空位") % date_format(day, "n月j日")
    ribbon = ribbon_of(cells, label=label, mine=asked, stale=stale, scale=False, hours=hours)
    coming = [cell.remaining for cell in cells if cell.starts_at >= now]
    best = max(coming, default=0)
    if not cells:
        words = _("休")
    elif stale:
        words = _("待确认")
    else:
        words = _("%d 位") % best if best else _("已满")
    return DayPlaces(day=day, ribbon=ribbon, words=words, open=bool(cells))
