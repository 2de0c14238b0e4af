"""Whose turn it is within a stream, and which payloads a handler reads."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from cms.core.models import OutboxMessage
from cms.core.runtime import outbox
from cms.core.runtime.kernel_ports import OutboxHandler
from cms.core.runtime.outbox import Effect
from cms.core.runtime.ports import ManyPort

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered(handlers: ManyPort[OutboxHandler]) -> list[str]:
    seen: list[str] = []
    handlers.register("t", OutboxHandler(lambda payload, *, key, now: seen.append(key)))
    return seen


def emit(*keys: str, stream: str = "s", available_at: dt.datetime | None = None) -> None:
    outbox.emit_many([Effect("t", key, {}, stream) for key in keys], now=NOW, available_at=available_at)


def test_one_drain_takes_the_head_of_each_stream(delivered: list[str]) -> None:
    emit("a1", "a2", stream="a")
    emit("b1", "b2", stream="b")
    emit("n1", "n2", stream="")

    assert outbox.drain(now=NOW) == 4
    assert delivered == ["a1", "b1", "n1", "n2"]
    assert outbox.drain(now=NOW) == 2
    assert delivered[4:] == ["a2", "b2"]
    assert outbox.drain(now=NOW) == 0


def test_message_due_earlier_still_waits_for_its_head(delivered: list[str]) -> None:
    emit("first", available_at=NOW + dt.timedelta(minutes=1))
    emit("second")

    assert outbox.drain(now=NOW) == 0
    assert (outbox.drain(now=NOW + dt.timedelta(minutes=1)), outbox.drain(now=NOW)) == (1, 1)
    assert delivered == ["first", "second"]


def test_claimed_head_holds_its_stream_until_the_lease_ends(delivered: list[str]) -> None:
    emit("first", "second")
    outbox._claim(now=NOW, limit=1)

    assert outbox.drain(now=NOW + outbox.LEASE - dt.timedelta(seconds=1)) == 0
    assert outbox.drain(now=NOW + outbox.LEASE) == 1
    assert delivered == ["first"]


def test_head_that_was_given_up_lets_the_next_go(delivered: list[str]) -> None:
    emit("first", "second")
    OutboxMessage.objects.filter(key="first").update(gave_up_at=NOW)

    assert outbox.drain(now=NOW) == 1
    assert delivered == ["second"]


def test_messages_without_stream_never_wait_for_one_another(delivered: list[str]) -> None:
    emit("first", stream="", available_at=NOW + dt.timedelta(minutes=1))
    emit("second", stream="")

    assert outbox.drain(now=NOW) == 1
    assert delivered == ["second"]


def test_backlog_leaves_out_what_waits_for_its_turn() -> None:
    emit("first", available_at=NOW + dt.timedelta(hours=1))
    emit("second")
    emit("other", stream="o")

    assert outbox.backlog(NOW + dt.timedelta(minutes=2)) == (1, dt.timedelta(minutes=2))


def test_row_keeps_stream_district_and_version() -> None:
    outbox.emit(topic="t", key="k", payload={}, now=NOW, stream="booking:a", district_code="320118", version=3)
    outbox.emit(topic="t", key="plain", payload={}, now=NOW)

    rows = OutboxMessage.objects.order_by("pk").values_list("stream", "district_code", "version")
    assert list(rows) == [("booking:a", "320118", 3), ("", "", 1)]


@pytest.mark.parametrize(("version", "error"), [(0, "UnknownVersion"), (1, ""), (2, ""), (3, "UnknownVersion")])
def test_handler_is_given_only_the_versions_it_reads(
    version: int, error: str, handlers: ManyPort[OutboxHandler]
) -> None:
    delivered: list[str] = []
    handlers.register("t", OutboxHandler(lambda payload, *, key, now: delivered.append(key), frozenset({1, 2})))
    outbox.emit(topic="t", key="k", payload={}, now=NOW, version=version)

    outbox.drain(now=NOW)

    row = OutboxMessage.objects.get()
    assert (row.last_error, row.done_at is None, delivered) == (error, bool(error), [] if error else ["k"])


@pytest.mark.parametrize(("version", "error"), [(1, ""), (2, "UnknownVersion")])
def test_handler_reads_the_first_version_unless_it_says_otherwise(
    version: int, error: str, delivered: list[str]
) -> None:
    outbox.emit(topic="t", key="k", payload={}, now=NOW, version=version)

    outbox.drain(now=NOW)

    assert OutboxMessage.objects.get().last_error == error


def test_unknown_version_is_given_up_at_last_and_then_lets_its_stream_go(delivered: list[str]) -> None:
    outbox.emit(topic="t", key="new", payload={"a": 1}, now=NOW, stream="s", version=2)
    emit("next")
    OutboxMessage.objects.filter(key="new").update(attempts=outbox.MAX_ATTEMPTS - 1)

    assert (outbox.drain(now=NOW), outbox.drain(now=NOW)) == (1, 1)
    row = OutboxMessage.objects.get(key="new")
    assert (row.gave_up_at, row.last_error, row.payload) == (NOW, "UnknownVersion", {"a": 1})
    assert delivered == ["next"]


def test_turn_is_looked_up_in_the_index() -> None:
    """With an index on what is still open, a stream's history costs nothing."""
    sql, parameters = outbox.pending(NOW).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())

    assert plan.count("outbox_stream_open") == 1
