"""Which institutions can take a child of an age for a span of time: counted where the cells are.

Says for thousands of institutions what ``BookableDays.best_covering`` says for one, stale places left out
(tests/.../test_who_can.py compares both).
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from booking.places.models import BookingPolicy
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.place_rules import minute_of_day
from booking.places.places_sql import (
    ANY_OVERDUE,
    FEE,
    FREE,
    KIND,
    LEFT,
    LEFT_WITH_OVERDUE,
    OVERDUE,
    OWN_KIND,
    PRICED,
)
from booking.places.queries.freshness import stale_after
from cms.core.calendar.times import at, local, local_date, minutes_of
from cms.core.runtime.sql import minutes_of_clock, moment_in, moment_plus_minutes, rows
from directory.districts.class_kinds import class_kinds_for
from directory.register.ports import PricedPlaces


def find_free(
    *,
    age_months: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    now: dt.datetime,
    institution_ids: Collection[int] | None = None,
    mode: str = "",
) -> dict[int, int]:
    """Institution → places left (at least 1) of the best stay that covers the span and can be booked now.

    In one ``mode`` or any. Stale places don't count. Two queries.
    """
    return dict(_answer(FREE, age_months, starts_at, ends_at, now=now, institution_ids=institution_ids, mode=mode))


def find_priced(
    *, age_months: int, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime, mode: str = ""
) -> dict[int, PricedPlaces]:
    """The same with what the cheapest stay costs that covers the span and can be booked; two queries."""
    found = _answer(PRICED, age_months, starts_at, ends_at, now=now, institution_ids=None, mode=mode)
    return {pk: PricedPlaces(places, amount) for pk, places, amount in found}


def _answer(
    sql: str,
    age_months: int,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    *,
    now: dt.datetime,
    institution_ids: Collection[int] | None,
    mode: str,
) -> list[tuple[Any, ...]]:
    kinds = class_kinds_for(age_months)
    if not kinds or ends_at <= starts_at or (institution_ids is not None and not institution_ids):
        return []
    ids = list(institution_ids or ())
    asked = _asked(starts_at, ends_at, now) | {f"id{number}": pk for number, pk in enumerate(ids)} | {"mode": mode}
    asked |= {f"kind{number}": kind for number, kind in enumerate(kinds)}
    with connection.cursor() as cursor:
        overdue = bool(rows(ANY_OVERDUE, [moment_in(now)]))
        cursor.execute(_statement(sql, kinds, len(ids), overdue=overdue, in_mode=bool(mode)), asked)
        return cursor.fetchall()


@functools.lru_cache(maxsize=32)
def _statement(sql: str, kinds: Sequence[str], ids: int, *, overdue: bool, in_mode: bool) -> str:
    """In one line: psycopg reads a statement of more than 4,096 characters again each time."""
    among = ", ".join(f"%(id{number})s" for number in range(ids))
    statement = sql.format(
        fee=FEE.format(kind=_own_kind(kinds)) if sql == PRICED else "0",
        narrow_mode="AND q.mode = %(mode)s" if in_mode else "",
        from_at=moment_plus_minutes("%(midnight)s", "t.starts"),
        until_at=moment_plus_minutes("%(midnight)s", "t.ends"),
        opens=minutes_of_clock("q.starts"),
        closes=minutes_of_clock("q.ends"),
        narrow_institutions=f"AND i.id IN ({among})" if ids else "",
        narrow_pools=f"AND p.institution_id IN ({among})" if ids else "",
        kinds=" OR ".join(_kind_clauses(kinds)),
        overdue=OVERDUE.replace("%s", "%(now)s") if overdue else "",
        left=LEFT_WITH_OVERDUE if overdue else LEFT,
    )
    return " ".join(statement.split())


def _own_kind(kinds: Sequence[str]) -> str:
    """SQL of the class kind of the house ``h`` that takes the child, where one of them does."""
    found = f"%(kind{len(kinds) - 1})s"
    for number in reversed(range(len(kinds) - 1)):
        found = OWN_KIND.format(kind=f"%(kind{number})s", next=found)
    return found


def _kind_clauses(kinds: Sequence[str]) -> list[str]:
    own = ["p.bucket = %(kind0)s"]
    return own + [
        KIND.format(bucket=f"%(kind{number})s", before=", ".join(f"%(kind{before})s" for before in range(number)))
        for number in range(1, len(kinds))
    ]


def _asked(starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> dict[str, Any]:
    """The question in the terms of the statement: minutes of the asked day, and the rules where none were saved."""
    first, day = local(starts_at), local_date(starts_at)
    midnight = at(day, dt.time.min)
    starts = minutes_of(first.time())
    ends = starts + int((ends_at - starts_at).total_seconds() // 60)
    last = local(ends_at).time() if ends < 24 * 60 else dt.time.max
    return {
        "starts": starts,
        "ends": ends,
        "starts_clock": _clock_in(first.time()),
        "ends_clock": _clock_in(last),
        "day": connection.ops.adapt_datefield_value(day),
        "days_ahead": (day - local_date(now)).days,
        "midnight": moment_in(midnight),
        "starts_at": moment_in(starts_at),
        "ends_at": moment_in(ends_at),
        "now": moment_in(now),
        "now_minute": minute_of_day(now, day),
        "fresh": moment_in(now - stale_after()),
        "house": HOUSE_BUCKET,
        **_defaults(),
    }


@functools.cache
def _defaults() -> dict[str, int]:
    names = ("raster_minutes", "opens_days_ahead", "minimum_minutes", "step_minutes")
    cutoffs = ("cutoff_minutes", "temporary_cutoff_minutes")
    return {name: BookingPolicy._meta.get_field(name).default for name in (*names, *cutoffs)}  # type: ignore[union-attr]


def _clock_in(clock: dt.time) -> Any:
    return connection.ops.adapt_timefield_value(clock)
