"""The one reader of free places: reads all that decides what can be booked (``BookableDays``).

Offers, API, list, record, time page and workbench ask what is read here; the hold asks the same rules. For thousands of
institutions at once see ``who_can``, whose SQL says the same.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from booking.places.bookable_days import BookableDays, BookingTerms, OfferedProduct
from booking.places.models import BookingPolicy
from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.models.policy import FURTHEST_DAYS
from booking.places.place_rules import DAY_MINUTES
from booking.places.places_sql import CELLS, FACTS, LEFT, LEFT_WITH_OVERDUE, OVERDUE, PRODUCT, TERMS
from booking.places.queries.freshness import is_stale
from booking.places.stay_rules import ClosedPart, last_day
from cms.core.calendar.times import day_bounds
from cms.core.runtime.sql import json_list, marks, minutes_since_1970, moment_in, moment_out, rows
from directory.register.fees import FeeRow
from directory.register.models import Institution


def read_bookable_days(
    *,
    institution_ids: Sequence[int],
    start: dt.date,
    days: int | None = 1,
    now: dt.datetime,
    age_months: int | None = None,
) -> dict[int, BookableDays]:
    """Institutions → what decides ``days`` days from ``start``; two queries, regardless of their number.

    ``days`` None reads up to the last day that can be booked now.
    Places are read of the classes of ``age_months``, or of all; of all too where one institution takes no child of that
    age, since then its best class is shown.
    """
    if not institution_ids:
        return {}
    found, overdue = _read_facts(institution_ids, start, FURTHEST_DAYS + 1 if days is None else days, now)
    if days is None:
        days = max(((last_day(each.terms, now) - start).days + 1 for each in found.values()), default=1)
    wanted = None if age_months is None else _kinds_taking(found.values(), age_months)
    if wanted is None or wanted:
        _read_cells(found, start, days, wanted, overdue_at=now if overdue else None)
    return found


def read_day(
    *, institution: Institution, day: dt.date, now: dt.datetime, age_months: int | None = None, days: int | None = 1
) -> BookableDays:
    """The same for one institution, which is there."""
    found = read_bookable_days(institution_ids=[institution.pk], start=day, days=days, now=now, age_months=age_months)
    return found[institution.pk]


def _kinds_taking(found: Iterable[BookableDays], age_months: int) -> set[str] | None:
    """The classes that take the age, None where some institution has none."""
    taking = {each.class_for(age_months) for each in found if each.kinds}
    return None if None in taking else {kind for kind in taking if kind}


def _read_facts(
    institution_ids: Sequence[int], start: dt.date, days: int, now: dt.datetime
) -> tuple[dict[int, BookableDays], bool]:
    """All but the places; and whether some booking there ran out and still holds its places."""
    last = start + dt.timedelta(days=days - 1)
    sql = FACTS.format(
        product=json_list(PRODUCT),
        group=json_list("g.kind, g.caregivers"),
        pool=json_list("p.bucket, p.raster_minutes"),
        closed=json_list("d.date, d.class_kind, d.from_minute, d.to_minute"),
        institutions=marks(len(institution_ids)),
    )
    # Fees of all days that can be opened from there: a page may offer what begins after the days it reads.
    furthest = start + dt.timedelta(days=FURTHEST_DAYS + 1)
    dates = [connection.ops.adapt_datefield_value(day) for day in (furthest, start, last)]
    read = rows(sql, [moment_in(now), *dates, *institution_ids])
    return {row[0]: _facts(row, now) for row in read}, any(row[3] for row in read)


def _facts(row: tuple[Any, ...], now: dt.datetime) -> BookableDays:
    pk, state, confirmed, _overdue, products, groups, pools, closed, *terms = row
    confirmed_at = moment_out(confirmed) if confirmed else None
    caregivers: dict[str, int] = defaultdict(int)
    for kind, number in _listed(groups):
        caregivers[kind] += number
    return BookableDays(
        institution_id=pk,
        now=now,
        takes_bookings=state == Institution.State.ACTIVE,
        confirmed_at=confirmed_at,
        stale=is_stale(confirmed_at, now),
        terms=default_terms() if terms[0] is None else BookingTerms(*terms),
        products=_products(_listed(products)),
        caregivers=dict(caregivers),
        rasters=dict(_listed(pools)),
        closed=_closed(_listed(closed)),
    )


def _closed(listed: Iterable[Sequence[Any]]) -> dict[dt.date, list[ClosedPart]]:
    days: dict[dt.date, list[ClosedPart]] = defaultdict(list)
    for day, *part in listed:
        days[dt.date.fromisoformat(day)].append(ClosedPart(*part))
    return dict(days)


def _read_cells(
    found: Mapping[int, BookableDays],
    start: dt.date,
    days: int,
    kinds: Collection[str] | None,
    *,
    overdue_at: dt.datetime | None,
) -> None:
    buckets = [] if kinds is None else [*kinds, HOUSE_BUCKET]
    sql = CELLS.format(
        minutes=minutes_since_1970("c.starts_at"),
        institutions=marks(len(found)),
        bucket=f"AND p.bucket IN ({marks(len(buckets))})" if buckets else "",
        left=LEFT_WITH_OVERDUE if overdue_at else LEFT,
        overdue=OVERDUE if overdue_at else "",
    )
    begins, ends = day_bounds(start)[0], day_bounds(start + dt.timedelta(days=days - 1))[1]
    midnight = int(begins.timestamp()) // 60
    dates = [start + dt.timedelta(days=number) for number in range(days)]
    moments = [moment_in(overdue_at)] if overdue_at else []
    parameters = [*moments, *found, *buckets, moment_in(begins), moment_in(ends)]
    pool: tuple[int, str] | None = None
    by_day: list[dict[int, int]] = []
    for pk, bucket, minute, free in rows(sql, parameters):
        if pool != (pk, bucket):
            pool = (pk, bucket)
            places = found[pk].free.setdefault(bucket, {date: {} for date in dates})
            by_day = list(places.values())
        number, minute_of_day = divmod(minute - midnight, DAY_MINUTES)
        by_day[number][minute_of_day] = free


def _listed(value: Any) -> list[list[Any]]:
    """What ``json_list`` gathered: PostgreSQL reads it itself, and says None for nothing."""
    return json.loads(value) if isinstance(value, str) else value or []


def _products(listed: list[list[Any]]) -> list[OfferedProduct]:
    """One product of all rows of its fees; what it costs on a day ``BookableDays.offered`` says."""
    products: dict[int, OfferedProduct] = {}
    for pk, public_id, mode, part, starts, ends, block_minutes, inclusive, kind, since, fee in listed:
        product = products.get(pk)
        if product is None:
            opens, closes = dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)
            product = OfferedProduct(pk, public_id, mode, part, opens, closes, block_minutes, fee, bool(inclusive))
            products[pk] = product
        product.fees += (FeeRow(kind, dt.date.fromisoformat(since), fee),)
    return list(products.values())


@functools.cache
def default_terms() -> BookingTerms:
    """The rules of an institution that has set none."""
    return BookingTerms(*(BookingPolicy._meta.get_field(name).default for name in TERMS))  # type: ignore[union-attr]
