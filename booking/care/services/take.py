"""The pre-check and the take of a care booking, in plain SQL that runs on PostgreSQL and SQLite.

Why plain SQL: in a rush four of five attempts are refused, and a raw statement costs a fifth of an ORM read
(reference measurement in docs/adr). Everything else in this app uses the ORM.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from booking.places.models import Booking, BookingPolicy
from booking.places.sql import marks, minutes_since_1970, moment_in, moment_out, rows
from cms.accounts.models import Child
from directory.register.models import Institution

SLOT_MINUTES = 15

#: One SELECT for rights, child, institution, rules, key, closing day, other places of the child and products.
GROUND = """
SELECT m.family_id, c.id, c.birth_date, i.id, i.is_public, i.state,
       pol.raster_minutes, pol.opens_days_ahead, pol.cutoff_minutes, pol.temporary_cutoff_minutes,
       pol.minimum_minutes, pol.step_minutes, pol.free_cancel_days_before, pol.free_cancel_clock,
       k.request_hash, k.answer, cd.id,
       EXISTS (SELECT 1 FROM booking_childslot s JOIN booking_booking b ON b.id = s.booking_id
                WHERE s.child_id = c.id AND s.slot_at >= %s AND s.slot_at < %s
                  AND NOT (b.status IN ('held', 'requested') AND b.expires_at <= %s)),
       p.id, p.public_id, p.mode, p.starts, p.ends, p.block_minutes, p.fee
  FROM accounts_familymember m
  JOIN accounts_child c ON c.family_id = m.family_id AND c.public_id = %s
  JOIN directory_institution i ON i.public_id = %s
  LEFT JOIN booking_bookingpolicy pol ON pol.institution_id = i.id
  LEFT JOIN booking_idempotencykey k ON k.actor_id = m.user_id AND k.key = %s
  LEFT JOIN directory_closingday cd ON cd.institution_id = i.id AND cd.date = %s
  LEFT JOIN directory_careproduct p ON p.institution_id = i.id AND p.active
 WHERE m.user_id = %s
 ORDER BY p.fee, p.id
"""
DAY_CELLS = """
SELECT p.id, p.bucket, p.active, p.raster_minutes, c.id, {minutes}, c.capacity - c.taken
  FROM booking_capacitypool p
  LEFT JOIN booking_capacitycell c ON c.pool_id = p.id AND c.starts_at >= %s AND c.starts_at < %s
 WHERE p.institution_id = %s AND p.kind = 'care' AND p.bucket IN ({buckets})
 ORDER BY p.id, c.starts_at
"""
OVERDUE = """
SELECT DISTINCT b.id
  FROM booking_booking b JOIN booking_bookingcell l ON l.booking_id = b.id
 WHERE l.cell_id IN ({cells}) AND b.status IN ('held', 'requested') AND b.expires_at <= %s
"""
#: A family's booking with what confirming and answering need.
OWN_BOOKING = """
SELECT {columns}, i.public_id, c.public_id, pol.needs_acceptance, pol.cutoff_minutes, pol.temporary_cutoff_minutes
  FROM accounts_familymember m
  JOIN booking_booking b ON b.family_id = m.family_id
  LEFT JOIN directory_institution i ON i.id = b.institution_id
  LEFT JOIN accounts_child c ON c.id = b.child_id
  LEFT JOIN booking_bookingpolicy pol ON pol.institution_id = b.institution_id
 WHERE m.user_id = %s AND b.public_id = %s AND b.kind = 'care'
"""
INSERT_KEY = """
INSERT INTO booking_idempotencykey (actor_id, key, request_hash, answer, created_at) VALUES (%s, %s, %s, {json}, %s)
"""
INSERT_EVENT = """
INSERT INTO booking_bookingevent (booking_id, from_status, to_status, side, actor_id, reason, released, at)
VALUES (%s, '', %s, %s, %s, '', NULL, %s)
"""


@dataclass(slots=True)
class Product:
    """A product as the hot path needs it."""

    id: int
    public_id: str
    mode: str
    starts: dt.time
    ends: dt.time
    block_minutes: int | None
    fee: int


@dataclass(slots=True)
class Ground:
    """What one SELECT tells of an attempt."""

    family_id: int
    child_id: int
    birth_date: dt.date
    institution_id: int
    is_public: bool
    state: str
    policy: tuple[Any, ...]
    key_hash: str | None
    key_answer: Any
    closed: bool
    elsewhere: bool
    products: list[Product]


@dataclass(slots=True)
class PoolDay:
    """A pool on one day: ``cells`` are (id, minutes since 1970, free) in order, each of ``raster`` minutes."""

    id: int
    bucket: str
    active: bool
    raster: int
    cells: list[tuple[int, int, int]]

    def spans(self) -> list[tuple[dt.datetime, dt.datetime, int]]:
        """The cells as moments, for those who offer them."""
        length = dt.timedelta(minutes=self.raster)
        starts = [(dt.datetime.fromtimestamp(minute * 60, tz=dt.UTC), free) for _cell, minute, free in self.cells]
        return [(moment, moment + length, free) for moment, free in starts]


def read_ground(
    *,
    user_id: int,
    child: str,
    institution: str,
    key: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    day: dt.date,
    now: dt.datetime,
) -> Ground | None:
    """All that decides an attempt but the cells; None when the child or the institution is not there for the user."""
    parameters = [
        *(moment_in(moment) for moment in (starts_at, ends_at, now)),
        child,
        institution,
        key,
        connection.ops.adapt_datefield_value(day),
        user_id,
    ]
    found = rows(GROUND, parameters)
    if not found:
        return None
    first = found[0]
    return Ground(
        family_id=first[0],
        child_id=first[1],
        birth_date=_birth_date(first[2]),
        institution_id=first[3],
        is_public=bool(first[4]),
        state=first[5],
        policy=first[6:14],
        key_hash=first[14],
        key_answer=json.loads(first[15]) if isinstance(first[15], str) else first[15],
        closed=first[16] is not None,
        elsewhere=bool(first[17]),
        products=[Product(*row[18:25]) for row in found if row[18] is not None],
    )


def _birth_date(stored: str) -> dt.date:
    field = Child._meta.get_field("birth_date")
    return field.from_db_value(stored, None, connection)


def read_day(*, institution_id: int, buckets: Iterable[str], day: tuple[dt.datetime, dt.datetime]) -> list[PoolDay]:
    """The pools of some buckets with their cells of a day; a pool without cells is there too."""
    wanted = list(buckets)
    sql = DAY_CELLS.format(buckets=marks(len(wanted)), minutes=minutes_since_1970("c.starts_at"))
    pools: dict[int, PoolDay] = {}
    for pool, bucket, active, raster, cell, minute, free in rows(
        sql, [moment_in(day[0]), moment_in(day[1]), institution_id, *wanted]
    ):
        entry = pools.get(pool)
        if entry is None:
            entry = pools[pool] = PoolDay(pool, bucket, bool(active), raster, [])
        if cell is not None:
            entry.cells.append((cell, minute, free))
    return list(pools.values())


def read_overdue(cells: Iterable[int], *, now: dt.datetime) -> list[int]:
    """Bookings that still hold one of the cells although their time to confirm is over."""
    wanted = list(cells)
    if not wanted:
        return []
    return [row[0] for row in rows(OVERDUE.format(cells=marks(len(wanted))), [*wanted, moment_in(now)])]


def read_own_booking(*, user_id: int, public_id: str) -> tuple[Booking, BookingPolicy] | None:
    """A care booking of the user's family, and its institution's rules as far as confirming asks; None if not theirs.

    Institution and child carry their ids alone; whatever else somebody looks at is fetched then.
    """
    fields = Booking._meta.concrete_fields
    columns = ", ".join(f"b.{field.column}" for field in fields)
    found = rows(OWN_BOOKING.format(columns=columns), [user_id, public_id])
    if not found:
        return None
    *values, institution, child, asks, cutoff, temporary = found[0]
    db = connection.alias
    values = [moment_out(value) if isinstance(value, dt.datetime) else value for value in values]
    booking = Booking.from_db(db, [field.attname for field in fields], values)
    if booking.institution_id is not None:
        part = Institution.from_db(db, ("id", "public_id"), [booking.institution_id, institution])
        booking._state.fields_cache["institution"] = part
    if booking.child_id is not None:
        booking._state.fields_cache["child"] = Child.from_db(db, ("id", "public_id"), [booking.child_id, child])
    policy = BookingPolicy(institution_id=booking.institution_id or 0)
    if asks is not None:
        policy.needs_acceptance, policy.cutoff_minutes = bool(asks), cutoff
        policy.temporary_cutoff_minutes = temporary
    return booking, policy


def insert_key(*, actor_id: int, key: str, request_hash: str, answer: Mapping[str, Any], now: dt.datetime) -> None:
    """The idempotency row, first in the lock order. Raises ``IntegrityError`` if the key is there already."""
    cast = "%s::jsonb" if connection.vendor == "postgresql" else "%s"
    _execute(INSERT_KEY.format(json=cast), [actor_id, key, request_hash, json.dumps(answer), moment_in(now)])


def insert_booking(booking: Booking) -> int:
    """The booking row, from the unsaved object; returns its id and sets it."""
    fields = [f for f in Booking._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f.column or "" for f in fields)
    values = [f.get_db_prep_save(f.pre_save(booking, add=True), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO booking_booking ({columns}) VALUES ({marks(len(values))}) RETURNING id",  # noqa: S608
            values,
        )
        booking.pk = cursor.fetchone()[0]
    booking._state.adding = False
    booking._state.db = connection.alias
    return booking.pk


def insert_event(*, booking_id: int, to_status: str, side: str, actor_id: int | None, now: dt.datetime) -> None:
    """The first event of a booking."""
    _execute(INSERT_EVENT, [booking_id, to_status, side, actor_id, moment_in(now)])


def insert_ledger(*, booking_id: int, cells: Mapping[int, int]) -> None:
    """The ledger rows: ``{cell id: units}``."""
    values = [value for cell, units in sorted(cells.items()) for value in (booking_id, cell, units)]
    groups = ", ".join(["(%s, %s, %s)"] * len(cells))
    _execute(f"INSERT INTO booking_bookingcell (booking_id, cell_id, units) VALUES {groups}", values)  # noqa: S608


def insert_slots(*, booking_id: int, child_id: int, slots: Iterable[dt.datetime]) -> None:
    """The child's quarters of an hour, in order. Raises ``IntegrityError`` where the child is elsewhere."""
    wanted = sorted(slots)
    values = [value for slot in wanted for value in (child_id, moment_in(slot), booking_id)]
    groups = ", ".join(["(%s, %s, %s)"] * len(wanted))
    _execute(f"INSERT INTO booking_childslot (child_id, slot_at, booking_id) VALUES {groups}", values)  # noqa: S608


def slots_between(starts_at: dt.datetime, ends_at: dt.datetime) -> list[dt.datetime]:
    """The quarters of an hour that a stay touches, on the raster common to all institutions."""
    step = dt.timedelta(minutes=SLOT_MINUTES)
    first = starts_at - dt.timedelta(
        minutes=starts_at.minute % SLOT_MINUTES, seconds=starts_at.second, microseconds=starts_at.microsecond
    )
    return [first + step * n for n in range(-(-int((ends_at - first).total_seconds()) // int(step.total_seconds())))]


def _execute(sql: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
