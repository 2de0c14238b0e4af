"""Messages are written with their change, delivered at least once, and given up at last."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from cms.core.models import OutboxMessage
from cms.core.runtime import outbox

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict]]:
    seen: list[tuple[str, dict]] = []
    monkeypatch.setattr(outbox, "_handlers", {})
    outbox.register_handler("t", lambda payload, *, key, now: seen.append((key, payload)))
    return seen


def emit(key: str = "k", **payload: object) -> None:
    outbox.emit(topic="t", key=key, payload=payload, now=NOW)


def test_emit_twice_with_one_key_is_one_effect(delivered: list) -> None:
    emit(a=1)
    emit(a=2)

    assert outbox.drain(now=NOW) == 1
    assert delivered == [("k", {"a": 1})]


def test_emit_many_of_nothing_asks_no_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        outbox.emit_many([], now=NOW)


def test_payload_is_not_readable_in_the_database() -> None:
    emit(phone="13800138000")

    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM core_outboxmessage")
        stored = cursor.fetchone()[0]
    assert "13800138000" not in stored


def test_drain_empties_what_it_delivered(delivered: list) -> None:
    emit(a=1)

    outbox.drain(now=NOW)

    row = OutboxMessage.objects.get()
    assert (row.payload, row.done_at, row.attempts) == ({}, NOW, 1)
    assert outbox.drain(now=NOW) == 0


def test_drain_leaves_what_is_not_due(delivered: list) -> None:
    outbox.emit(topic="t", key="k", payload={}, now=NOW, available_at=NOW + dt.timedelta(minutes=1))

    assert outbox.drain(now=NOW) == 0
    assert outbox.drain(now=NOW + dt.timedelta(minutes=1)) == 1


def test_failed_message_waits_longer_each_time_and_keeps_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(payload: dict, *, key: str, now: dt.datetime) -> None:
        raise ValueError("13800138000")

    monkeypatch.setattr(outbox, "_handlers", {"t": fail})
    emit()

    outbox.drain(now=NOW)
    first = OutboxMessage.objects.get()
    outbox.drain(now=first.available_at)
    second = OutboxMessage.objects.get()

    assert first.available_at == NOW + outbox.FIRST_RETRY
    assert second.available_at == first.available_at + 2 * outbox.FIRST_RETRY
    assert (second.last_error, second.done_at) == ("ValueError", None)


def test_message_is_given_up_after_its_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_handlers", {})
    emit()
    OutboxMessage.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)

    outbox.drain(now=NOW)

    assert [row.last_error for row in outbox.stuck()] == ["UnknownTopic"]
    assert outbox.drain(now=NOW + dt.timedelta(days=9)) == 0


def test_one_bad_message_does_not_stop_the_others(delivered: list) -> None:
    outbox.emit(topic="unknown", key="a", payload={}, now=NOW)
    emit("b")

    outbox.drain(now=NOW)

    assert [key for key, _ in delivered] == ["b"]


def test_wakers_are_called_once_the_change_is_there(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(outbox, "_wakers", [])
    waker = lambda: calls.append("woken")  # noqa: E731
    outbox.register_waker(waker)
    outbox.register_waker(waker)

    with django_capture_on_commit_callbacks(execute=True):
        emit("now")
        outbox.emit(topic="t", key="later", payload={}, now=NOW, available_at=NOW + dt.timedelta(hours=1))
        assert calls == []

    assert calls == ["woken"]


def test_prune_removes_old_delivered_messages_only(delivered: list) -> None:
    emit("done")
    outbox.drain(now=NOW)
    emit("waiting")

    assert outbox.prune(now=NOW + outbox.KEEP_DONE + dt.timedelta(days=1)) == 1
    assert [row.key for row in OutboxMessage.objects.all()] == ["waiting"]


def test_backlog_tells_number_and_age() -> None:
    emit()

    assert outbox.backlog(NOW + dt.timedelta(minutes=3)) == (1, dt.timedelta(minutes=3))
    assert outbox.backlog(NOW - dt.timedelta(minutes=3)) == (0, dt.timedelta())


def test_row_names_itself() -> None:
    emit()

    assert str(OutboxMessage.objects.get()) == "t k"
