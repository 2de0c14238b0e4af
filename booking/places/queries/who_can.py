"""Which institutions can take a child of an age for a span of time: counted where the cells are.

The answer is one row an institution, whatever the number of its pools, products and cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.queries.freshness import stale_after
from booking.places.sql import marks, moment_in, rows
from cms.core.calendar.times import at, local
from directory.districts.class_kinds import CareMode, class_kinds_for

FLEXIBLE = (CareMode.HOURLY.value, CareMode.TEMPORARY.value)
#: Institution and least places over the span, of those whose class pool and house pool are open all through it.
FREE = """
SELECT w.institution_id, MIN(w.free)
  FROM (SELECT p.institution_id, MIN(c.capacity - c.taken) AS free
          FROM booking_capacitypool p JOIN booking_capacitycell c ON c.pool_id = p.id
         WHERE c.starts_at >= %s AND c.starts_at < %s AND p.kind = 'care' AND p.active
           AND (p.bucket = %s OR {kinds}) {institutions}
         GROUP BY p.institution_id, p.bucket, p.raster_minutes
        HAVING COUNT(*) * p.raster_minutes = %s AND MIN(c.capacity - c.taken) > 0) w
  JOIN booking_placesconfirmation f ON f.institution_id = w.institution_id AND f.places_confirmed_at >= %s
 WHERE {offered}
 GROUP BY w.institution_id HAVING COUNT(*) = 2
"""
#: A mixed class never stands in for a class that is run but closed just then.
KIND = """(p.bucket = %s AND NOT EXISTS (
    SELECT 1 FROM booking_capacitypool o
     WHERE o.institution_id = p.institution_id AND o.kind = 'care' AND o.active AND o.bucket IN ({before})))"""
#: Care by the hour or block that covers the span.
COVERED = """EXISTS (
    SELECT 1 FROM directory_careproduct q
     WHERE q.institution_id = {owner} AND q.active AND q.mode IN ({flexible}) AND q.starts <= %s AND q.ends >= %s)"""
FIXED = """EXISTS (
    SELECT 1 FROM directory_careproduct q
     WHERE q.institution_id = w.institution_id AND q.active AND q.mode NOT IN ({flexible})
       AND q.starts = %s AND q.ends = %s)"""
#: Fixed windows around the span, of institutions without such care.
WINDOWS = """
SELECT DISTINCT p.starts, p.ends FROM directory_careproduct p
 WHERE p.active AND p.mode NOT IN ({flexible}) AND p.starts <= %s AND p.ends >= %s {institutions}
   AND NOT {covered}
"""


def find_free(
    *,
    age_months: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    institution_ids: Collection[int] | None = None,
) -> dict[int, int]:
    """Institution → places left (at least 1) for the whole span; see ``Availability.institutions_with_places``.

    Hourly and temporary care must cover the span; where only fixed windows (full or half day) cover it, places are
    those of the whole window. Stale places don't count. Two queries, and one more for each distinct fixed window.
    """
    kinds = class_kinds_for(age_months)
    if not kinds or ends_at <= starts_at or (institution_ids is not None and not institution_ids):
        return {}
    asked = _Asked(kinds, starts_at, ends_at, now, institution_ids)
    found = asked.free_by_the_hour()
    for opens, closes in asked.windows():
        for pk, places in asked.free_in_window(opens, closes).items():
            found.setdefault(pk, places)
    return found


class _Asked:
    """The question in the terms of the SQL above."""

    def __init__(
        self,
        kinds: Sequence[str],
        starts_at: dt.datetime,
        ends_at: dt.datetime,
        now: dt.datetime,
        institution_ids: Collection[int] | None,
    ) -> None:
        self.kinds, self.starts_at, self.ends_at, self.now = kinds, starts_at, ends_at, now
        self.ids = list(institution_ids or ())
        self.narrow = f"AND p.institution_id IN ({marks(len(self.ids))})" if self.ids else ""
        first, last = local(starts_at), local(ends_at)
        self.day, self.clocks = first.date(), [_clock_in(first.time()), _clock_in(last.time())]

    def free_by_the_hour(self) -> dict[int, int]:
        """Where hourly or temporary care covers the span."""
        offered = COVERED.format(owner="w.institution_id", flexible=marks(len(FLEXIBLE)))
        return self._free(self.starts_at, self.ends_at, offered, [*FLEXIBLE, *self.clocks])

    def windows(self) -> list[tuple[dt.time, dt.time]]:
        """Fixed windows around the span, of institutions where only those cover it."""
        flexible = marks(len(FLEXIBLE))
        covered = COVERED.format(owner="p.institution_id", flexible=flexible)
        sql = WINDOWS.format(flexible=flexible, institutions=self.narrow, covered=covered)
        found = rows(sql, [*FLEXIBLE, *self.clocks, *self.ids, *FLEXIBLE, *self.clocks])
        return sorted((starts, ends) for starts, ends in found)

    def free_in_window(self, opens: dt.time, closes: dt.time) -> dict[int, int]:
        """Where only fixed windows cover the span, this one among them."""
        flexible = marks(len(FLEXIBLE))
        covered = COVERED.format(owner="w.institution_id", flexible=flexible)
        offered = f"{FIXED.format(flexible=flexible)} AND NOT {covered}"
        window = [_clock_in(opens), _clock_in(closes)]
        starts_at, ends_at = at(self.day, opens), at(self.day, closes)
        return self._free(starts_at, ends_at, offered, [*FLEXIBLE, *window, *FLEXIBLE, *self.clocks])

    def _free(self, starts_at: dt.datetime, ends_at: dt.datetime, offered: str, given: list[Any]) -> dict[int, int]:
        clauses = ["p.bucket = %s"]
        clauses += [KIND.format(before=marks(number)) for number in range(1, len(self.kinds))]
        named = [name for number, kind in enumerate(self.kinds) for name in (kind, *self.kinds[:number])]
        sql = FREE.format(kinds=" OR ".join(clauses), institutions=self.narrow, offered=offered)
        span = [moment_in(starts_at), moment_in(ends_at)]
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        fresh = moment_in(self.now - stale_after())
        return dict(rows(sql, [*span, HOUSE_BUCKET, *named, *self.ids, minutes, fresh, *given]))


def _clock_in(clock: dt.time) -> Any:
    return connection.ops.adapt_timefield_value(clock)
