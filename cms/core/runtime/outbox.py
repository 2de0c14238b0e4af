"""Side effects: written as rows with the change that causes them, delivered at least once after it.

``emit`` belongs inside the transaction of the change. A drainer (``manage.py run_jobs`` or Celery) claims due rows by a
lease, which it renews before each delivery, calls the topic's handler outside any transaction of the claim, and marks
them done. Handlers are idempotent by key.

Rows of one stream (a booking, a voucher, a family) are delivered one after the other, in the order of their ids: who
emits into a stream holds the lock of its subject, so the ids follow the acts. A row that was given up lets the next
ones go: what is told of a booking six hours late and out of order is worth more than nothing for ever, and the row
stays to be seen. A row of a drainer that died holds its stream until the lease ends.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.core.models import OutboxMessage
from cms.core.runtime.failures import log_failure
from cms.core.runtime.kernel_ports import FIRST_VERSION, outbox_handlers, outbox_waker
from cms.core.runtime.sql import execute, moment_in, with_tables

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=2)
BATCH = 100
MAX_ATTEMPTS = 12
FIRST_RETRY = dt.timedelta(seconds=10)
KEEP_DONE = dt.timedelta(days=14)
INSERTED_AT_ONCE = 500
INSERT = with_tables(
    "INSERT INTO {OutboxMessage} (topic, key, payload, version, stream, district_code, created_at, available_at,"
    " attempts, last_error) VALUES {groups} ON CONFLICT DO NOTHING",
    OutboxMessage,
)
GROUP = "(%s, %s, %s, %s, %s, %s, %s, %s, 0, '')"
PAYLOAD = OutboxMessage._meta.get_field("payload")


class Effect(NamedTuple):
    """One side effect for :func:`emit_many`."""

    topic: str
    key: str
    payload: dict[str, Any]
    stream: str = ""
    district_code: str = ""
    version: int = FIRST_VERSION


class UnknownTopic(Exception):
    """No app has registered a handler for the topic."""


class UnknownVersion(Exception):
    """The topic's handler does not read payloads of this version: newer code wrote it, or older code reads it."""


def emit(
    *,
    topic: str,
    key: str,
    payload: dict[str, Any],
    now: dt.datetime,
    available_at: dt.datetime | None = None,
    stream: str = "",
    district_code: str = "",
    version: int = FIRST_VERSION,
) -> None:
    """Promise one side effect in the caller's transaction; a second one of the same topic and key is dropped."""
    emit_many([Effect(topic, key, payload, stream, district_code, version)], now=now, available_at=available_at)


def emit_many(effects: Iterable[Effect], *, now: dt.datetime, available_at: dt.datetime | None = None) -> None:
    """Promise many side effects by one INSERT."""
    promised = list(effects)
    if not promised:
        return
    due = available_at or now
    with transaction.atomic(savepoint=False):
        for start in range(0, len(promised), INSERTED_AT_ONCE):
            _insert(promised[start : start + INSERTED_AT_ONCE], now=now, due=due)
    if due <= now:
        transaction.on_commit(_wake, robust=True)


def _insert(effects: Sequence[Effect], *, now: dt.datetime, due: dt.datetime) -> None:
    """Plain SQL: every act of a parent writes a row, and building the ORM's INSERT costs more than running it."""
    moments = moment_in(now), moment_in(due)
    values: list[Any] = []
    for effect in effects:
        sealed = PAYLOAD.get_db_prep_save(effect.payload, connection)
        values += [effect.topic, effect.key, sealed, effect.version, effect.stream, effect.district_code, *moments]
    execute(INSERT.format(groups=", ".join([GROUP] * len(effects))), values)


def _wake() -> None:
    if wake := outbox_waker.get():
        wake()


def pending(now: dt.datetime) -> QuerySet[OutboxMessage]:
    """Rows that are due, whose turn it is, and neither done nor given up, oldest first."""
    due = OutboxMessage.objects.filter(done_at__isnull=True, gave_up_at__isnull=True, available_at__lte=now)
    return due.filter(_has_its_turn()).order_by("available_at", "id")


def _has_its_turn() -> Q:
    """No earlier row of the same stream is still to be delivered, be it due, claimed or waiting for its next try."""
    earlier = OutboxMessage.objects.filter(
        stream=OuterRef("stream"), id__lt=OuterRef("id"), done_at__isnull=True, gave_up_at__isnull=True
    )
    return Q(stream="") | ~Q(Exists(earlier.exclude(stream="")))


def drain(*, now: dt.datetime, limit: int = BATCH, clock: Callable[[], dt.datetime] | None = None) -> int:
    """Deliver up to ``limit`` due rows, at most one per stream; returns how many were tried. Safe to run in several
    processes.

    ``clock`` gives the time of each delivery; without it ``now`` is the time of all.
    """
    tried = 0
    for row in _claim(now=now, limit=limit):
        moment = clock() if clock else now
        if _renew(row, now=moment):
            _deliver(row, now=moment)
            tried += 1
    return tried


def _claim(*, now: dt.datetime, limit: int) -> list[OutboxMessage]:
    with transaction.atomic():
        queryset = pending(now)
        if connection.features.has_select_for_update_skip_locked:
            queryset = queryset.select_for_update(skip_locked=True, no_key=True)
        rows = list(queryset[:limit])
        for row in rows:
            row.attempts += 1
            row.available_at = now + LEASE
        OutboxMessage.objects.bulk_update(rows, ["attempts", "available_at"])
    return rows


def _renew(row: OutboxMessage, *, now: dt.datetime) -> bool:
    """Begin the lease again: the rows before may have taken minutes. False where another drainer has the row now."""
    until = now + LEASE
    renewed = _still_mine(row).update(available_at=until)
    row.available_at = until
    return bool(renewed)


def _still_mine(row: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The row, unless its lease ended and another drainer has claimed it since."""
    return OutboxMessage.objects.filter(pk=row.pk, available_at=row.available_at, done_at__isnull=True)


def _deliver(row: OutboxMessage, *, now: dt.datetime) -> None:
    try:
        handler = outbox_handlers.get(row.topic)
        if handler is None:
            raise UnknownTopic(row.topic)
        if row.version not in handler.versions:
            raise UnknownVersion(row.version)
        handler.deliver(row.payload, key=row.key, now=now)
    except Exception as error:  # one bad message must not stop the others; it is recorded and logged
        _retry_later(row, error=error, now=now)
        return
    OutboxMessage.objects.filter(pk=row.pk).update(done_at=now, payload={}, last_error="")


def _retry_later(row: OutboxMessage, *, error: Exception, now: dt.datetime) -> None:
    gave_up = row.attempts >= MAX_ATTEMPTS
    level = logging.ERROR if gave_up else logging.WARNING
    kind = log_failure(logger, f"outbox {row.topic} attempt {row.attempts}", error, level=level)
    wait = min(FIRST_RETRY * 2 ** (row.attempts - 1), dt.timedelta(hours=6))
    _still_mine(row).update(last_error=kind, available_at=now + wait, gave_up_at=now if gave_up else None)


def prune(*, now: dt.datetime) -> int:
    """Remove delivered rows older than two weeks; returns how many."""
    removed, _ = OutboxMessage.objects.filter(done_at__lt=now - KEEP_DONE).delete()
    return removed


def backlog(now: dt.datetime) -> tuple[int, dt.timedelta]:
    """How many rows are due, and how old the oldest is (for /readyz)."""
    oldest = pending(now).values_list("created_at", flat=True).first()
    return pending(now).count(), (now - oldest) if oldest else dt.timedelta()
