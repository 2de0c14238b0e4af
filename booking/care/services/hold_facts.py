"""All that decides an attempt to hold places, read by one SELECT.

Plain SQL because in a rush four of five attempts are refused, and building an ORM query costs more than running it
(docs/adr/0080).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from booking.care.services.hold_data import (
    CellFacts,
    HoldFacts,
    HoldRequest,
    PoolFacts,
    ProductFacts,
    SeenChild,
)
from booking.places.bookable_days import BookingTerms
from booking.places.models import (
    Booking,
    BookingCell,
    BookingPolicy,
    CapacityCell,
    CapacityPool,
    ChildSlot,
    IdempotencyKey,
)
from booking.places.place_rules import DayCells
from booking.places.places_sql import LAPSED, MODES, TERMS
from booking.places.queries.free_places import default_terms
from booking.places.stay_rules import ClosedPart, bucket_for
from cms.accounts.models import Child, FamilyMember
from cms.core.calendar.times import age_in_months, day_bounds
from cms.core.runtime.sql import among, json_list, marks, minutes_since_1970, moment_in, rows, with_tables
from directory.register.fees import FeeRow, fee_on
from directory.register.models import CareProduct, ClosingDay, Institution, ProductFee

#: What is read, by name: rights, child, institution, key, closings, other places of the child, products, and the
#: cells of the asked hours in every pool that is run.
COLUMNS = {
    "family_id": "m.family_id",
    "child_id": "c.id",
    "birth_date": "c.birth_date",
    "institution_id": "i.id",
    "district_id": "i.district_id",
    "is_public": "i.is_public",
    "state": "i.state",
    "key_hash": "k.request_hash",
    "key_answer": "k.answer",
    "closed": "(SELECT {json_closed} FROM {ClosingDay} cd WHERE cd.institution_id = i.id AND cd.date = %s)",
    "elsewhere": f"""EXISTS (SELECT 1 FROM {{ChildSlot}} s JOIN {{Booking}} b ON b.id = s.booking_id
        WHERE s.child_id = c.id AND s.slot_at >= %s AND s.slot_at < %s
          AND NOT ({LAPSED}){{others}})""",  # noqa: S608  # names of ours
    "overdue": f"""EXISTS (SELECT 1 FROM {{Booking}} b
        WHERE b.institution_id = i.id AND {LAPSED})""",  # noqa: S608  # names of ours
    "products": f"""(SELECT {{json_product}} FROM {{CareProduct}} p
        JOIN {{ProductFee}} f ON f.product_id = p.id AND f.from_date <= %s
        WHERE p.institution_id = i.id AND p.active AND p.mode IN ({MODES}))""",  # noqa: S608  # names of ours
    "cells": """(SELECT {json_cell} FROM {CapacityPool} p
        LEFT JOIN {CapacityCell} l ON l.pool_id = p.id AND l.starts_at >= %s AND l.starts_at < %s
        WHERE p.institution_id = i.id AND p.kind = 'care' AND p.active)""",
}
SOURCES = """
  FROM {FamilyMember} m
  JOIN {Child} c ON c.family_id = m.family_id AND c.public_id = %s
  JOIN {Institution} i ON i.public_id = %s
  LEFT JOIN {BookingPolicy} pol ON pol.institution_id = i.id
  LEFT JOIN {IdempotencyKey} k ON k.actor_id = m.user_id AND k.key = %s
 WHERE m.user_id = %s
"""
FACTS = with_tables(
    f"SELECT {', '.join([*COLUMNS.values(), *(f'pol.{name}' for name in TERMS)])} {SOURCES}",  # our own names
    Booking,
    BookingPolicy,
    CapacityCell,
    CapacityPool,
    CareProduct,
    Child,
    ChildSlot,
    ClosingDay,
    FamilyMember,
    IdempotencyKey,
    Institution,
    ProductFee,
)
#: A product once for each of its fees that have begun.
PRODUCT = "p.id, p.public_id, p.mode, p.starts, p.ends, p.block_minutes, f.class_kind, f.from_date, f.fee"
CELL = "p.id, p.bucket, p.raster_minutes, l.id, {minutes}, l.target - l.taken"
#: ``place_rules.least_of`` in SQL, full cells left out since they offer nothing: a refusal in a rush reads only what is
#: free.
DAY_PLACES = with_tables(
    """
SELECT {minutes}, CASE WHEN o.target - o.taken < h.target - h.taken THEN o.target - o.taken ELSE h.target - h.taken END
  FROM {CapacityCell} o JOIN {CapacityCell} h ON h.pool_id = %s AND h.starts_at = o.starts_at
 WHERE o.pool_id = %s AND o.starts_at >= %s AND o.starts_at < %s
   AND o.target > o.taken AND h.target > h.taken
""",
    CapacityCell,
)
HELD_UNITS = with_tables(
    "SELECT cell_id, SUM(units) FROM {BookingCell} WHERE {among} GROUP BY cell_id",
    BookingCell,
)


def read_hold_facts(request: HoldRequest) -> HoldFacts | None:
    """The facts of an attempt; None when child or institution is not there for the user."""
    starts_at, ends_at, now = (moment_in(moment) for moment in (request.starts_at, request.ends_at, request.now))
    closes = moment_in(min(request.ends_at, day_bounds(request.day)[1]))
    others, ids = "", list(request.replaces)
    if ids:
        others = f" AND b.id NOT IN ({marks(len(ids))})"
    sql = FACTS.format(
        others=others,
        json_closed=json_list("cd.class_kind, cd.from_minute, cd.to_minute"),
        json_product=json_list(PRODUCT),
        json_cell=json_list(CELL.format(minutes=minutes_since_1970("l.starts_at"))),
    )
    day = connection.ops.adapt_datefield_value(request.day)
    asked = [day, starts_at, ends_at, now, *ids, now, day, starts_at, closes]
    found = rows(sql, [*asked, request.child, request.institution, request.key, request.user.pk])
    return _facts(found[0], request.day) if found else None


def _facts(row: tuple[Any, ...], day: dt.date) -> HoldFacts:
    read = dict(zip(COLUMNS, row, strict=False))
    birth_date = Child._meta.get_field("birth_date").from_db_value(read["birth_date"], None, connection)
    pools = _pools(_json(read["cells"]) or ())
    terms = row[len(COLUMNS) :]
    return HoldFacts(
        child=SeenChild(read["child_id"], read["family_id"], read["birth_date"]),
        birth_date=birth_date,
        institution_id=read["institution_id"],
        district_id=read["district_id"],
        is_public=bool(read["is_public"]),
        state=read["state"],
        key_hash=read["key_hash"],
        key_answer=_json(read["key_answer"]),
        closed=[ClosedPart(*part) for part in _json(read["closed"]) or ()],
        elsewhere=bool(read["elsewhere"]),
        overdue=bool(read["overdue"]),
        terms=default_terms() if terms[0] is None else BookingTerms(*terms),
        products=_products(
            _json(read["products"]) or (), day, bucket_for(pools.keys(), age_in_months(birth_date, day))
        ),
        pools=pools,
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _products(found: Iterable[list[Any]], day: dt.date, bucket: str | None) -> list[ProductFacts]:
    """The products with their fee of the day for the child's class."""
    fees: dict[int, list[FeeRow]] = {}
    products: dict[int, list[Any]] = {}
    for *product, kind, since, fee in found:
        products[product[0]] = product
        fees.setdefault(product[0], []).append(FeeRow(kind, dt.date.fromisoformat(since), fee))
    held = [(product, fee_on(fees[pk], day, bucket or "")) for pk, product in products.items()]
    return [_product(product, fee.fee) for product, fee in held if fee is not None]


def _product(row: list[Any], fee: int) -> ProductFacts:
    pk, public_id, mode, starts, ends, block_minutes = row
    opens, closes = dt.time.fromisoformat(starts), dt.time.fromisoformat(ends)
    return ProductFacts(pk, public_id, mode, opens, closes, block_minutes, fee)


def _pools(found: Iterable[list[Any]]) -> dict[str, PoolFacts]:
    pools: dict[str, PoolFacts] = {}
    for pool_id, bucket, raster, cell, minute, free in found:
        pool = pools.get(bucket)
        if pool is None:
            pool = pools[bucket] = PoolFacts(pool_id, raster)
        if cell is not None:
            pool.cells.append(CellFacts(cell, minute, free))
    for pool in pools.values():
        pool.cells.sort(key=lambda cell: cell.minute)
    return pools


def read_day_places(own: PoolFacts, house: PoolFacts, day: dt.date) -> DayCells:
    """The free cells of a class and its house on a whole day, for those who offer what else there is."""
    sql = DAY_PLACES.format(minutes=minutes_since_1970("o.starts_at"))
    opens, closes = day_bounds(day)
    midnight = int(opens.timestamp()) // 60
    found = rows(sql, [house.id, own.id, moment_in(opens), moment_in(closes)])
    return DayCells(own.raster, {minute - midnight: free for minute, free in found})


def read_units(bookings: Iterable[int]) -> Mapping[int, int]:
    """``{cell: units}`` that some bookings hold together."""
    condition, parameters = among("booking_id", bookings)
    return {cell: int(units) for cell, units in rows(HELD_UNITS.format(among=condition), parameters)}
