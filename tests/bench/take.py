"""The whole take from BEGIN to COMMIT, beside plain psycopg doing the same statements."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bench.bookings import days
from tests.bench.ground import Ground
from tests.bench.inside import Booking, Child, FamilyMember, at, give_places, prepared_take, target_institution
from tests.bench.report import MORE, Report

EACH = 12
Take = Callable[[], Booking]


def bench_take(report: Report, ground: Ground) -> None:
    """Ratios for 8 and 32 threads on one class's cells."""
    if connection.vendor != "postgresql":
        report.add("the take beside plain psycopg", "", note="needs PostgreSQL")
        return
    institution = target_institution()
    for threads, day in zip((8, 32), days(5)[3:], strict=True):
        give_places(institution, day, 30_000)
        takes = _takes(institution, day, threads * EACH * 2)
        ours = _rate(takes[: threads * EACH], threads)
        plain = _plain_rate(takes[threads * EACH :], threads)
        ratio = ours / plain
        figure = f"{ratio:.2f} ({ours:.0f}/s of {plain:.0f}/s)"
        work = f"the take, {threads} threads, beside plain psycopg"
        report.add(work, figure, "≥0.6", ratio >= 0.6, value=round(ratio, 2), better=MORE)


def _takes(institution: Any, day: dt.date, count: int) -> list[Take]:
    """Holds whose look is done: the transaction alone is left."""
    members = FamilyMember.objects.select_related("user", "family").filter(user__session_tokens__label="load")
    people = list(members.order_by("-pk").distinct()[:count])
    if len(people) < count:
        people = (people * (count // max(1, len(people)) + 1))[:count]
    now = timezone.now()
    found = []
    for number, member in enumerate(people):
        starts_at = at(day, dt.time(8 + number // max(1, count // 4) * 2))
        found.append(
            prepared_take(
                user=member.user,
                institution=institution,
                child=Child.objects.filter(family=member.family).first(),
                starts_at=starts_at,
                ends_at=starts_at + dt.timedelta(hours=2),
                key=uuid.uuid4().hex,
                now=now,
            )
        )
    return found


def _rate(acts: Sequence[Take], threads: int) -> float:
    """Acts a second, the threads' connections opened beforehand."""
    gate = threading.Barrier(threads + 1)
    failed: list[BaseException] = []

    def run(part: list[Callable[[], Any]]) -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            for act in part:
                act()
        except BaseException as error:  # shown below: a bench that fails must not look fast
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=run, args=(acts[n::threads],)) for n in range(threads)]
    for worker in workers:
        worker.start()
    gate.wait()
    began = time.monotonic()
    for worker in workers:
        worker.join()
    if failed:
        raise failed[0]
    return len(acts) / (time.monotonic() - began)


def _plain_rate(takes: Sequence[Take], threads: int) -> float:
    """The very statements of each take, recorded once, played by psycopg alone."""
    scripts = [_record(take) for take in takes]
    links = [psycopg.connect(**_address(), autocommit=True) for _ in range(threads)]
    gate = threading.Barrier(threads + 1)

    def run(link: psycopg.Connection, part: list[list[str]]) -> None:
        gate.wait()
        for script in part:
            with link.transaction(), link.cursor() as cursor:
                for sql in script:
                    cursor.execute(sql)  # type: ignore[arg-type]  # recorded, with its values in it

    workers = [threading.Thread(target=run, args=(links[n], scripts[n::threads])) for n in range(threads)]
    for worker in workers:
        worker.start()
    gate.wait()
    began = time.monotonic()
    for worker in workers:
        worker.join()
    seconds = time.monotonic() - began
    for link in links:
        link.close()
    return len(scripts) / seconds


class _Undo(Exception):
    """Takes the recording back."""


def _record(take: Take) -> list[str]:
    """The statements of a take with their values; the booking's own id is asked for by its public one."""
    statements: list[str] = []
    try:
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            booking = take()
            raise _Undo
    except _Undo:
        own = f"(SELECT id FROM booking_booking WHERE public_id = '{booking.public_id}')"  # noqa: S608 - our own
        for query in queries.captured_queries:
            sql = query["sql"]
            if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
                continue
            statements.append(
                sql if sql.lstrip().startswith("INSERT INTO booking_booking ") else _own(sql, booking.pk, own)
            )
    return statements


def _own(sql: str, pk: int, own: str) -> str:
    """Replace the recorded id, which is gone, by a look-up of the new one."""
    return sql.replace(f"({pk}, ", f"({own}, ").replace(f", {pk})", f", {own})")


def _address() -> dict[str, Any]:
    database = settings.DATABASES["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {names[key]: value for key, value in database.items() if key in names and value}
