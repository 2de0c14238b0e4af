"""Messages are written with their change, delivered at least once, and given up at last."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from cms.core.models import OutboxMessage
from cms.core.runtime import outbox
from cms.core.runtime.kernel_ports import OutboxHandler, outbox_handlers, outbox_waker
from cms.core.runtime.ports import ManyPort

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered(handlers: ManyPort[OutboxHandler]) -> list[tuple[str, dict]]:
    seen: list[tuple[str, dict]] = []
    handlers.register("t", OutboxHandler(lambda payload, *, key, now: seen.append((key, payload))))
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


def test_failed_message_waits_longer_each_time_and_keeps_no_text(handlers: ManyPort[OutboxHandler]) -> None:
    def fail(payload: dict, *, key: str, now: dt.datetime) -> None:
        raise ValueError("13800138000")

    handlers.register("t", OutboxHandler(fail))
    emit()

    outbox.drain(now=NOW)
    first = OutboxMessage.objects.get()
    outbox.drain(now=first.available_at)
    second = OutboxMessage.objects.get()

    assert first.available_at == NOW + outbox.FIRST_RETRY
    assert second.available_at == first.available_at + 2 * outbox.FIRST_RETRY
    assert (second.last_error, second.done_at) == ("ValueError", None)


@pytest.mark.usefixtures("handlers")
def test_message_is_given_up_after_its_attempts() -> None:
    emit()
    OutboxMessage.objects.update(attempts=outbox.MAX_ATTEMPTS - 1)

    outbox.drain(now=NOW)

    row = OutboxMessage.objects.get()
    assert (row.gave_up_at, row.last_error, row.attempts) == (NOW, "UnknownTopic", outbox.MAX_ATTEMPTS)
    assert outbox.drain(now=NOW + dt.timedelta(days=9)) == 0


def test_one_bad_message_does_not_stop_the_others(delivered: list) -> None:
    outbox.emit(topic="unknown", key="a", payload={}, now=NOW)
    emit("b")

    outbox.drain(now=NOW)

    assert [key for key, _ in delivered] == ["b"]


def test_waker_is_called_once_the_change_is_there(django_capture_on_commit_callbacks) -> None:
    calls: list[str] = []

    with (
        outbox_waker.replaced_by(lambda: calls.append("woken")),
        django_capture_on_commit_callbacks(execute=True),
    ):
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


@pytest.mark.parametrize(("seconds", "tried"), [(-1, 0), (0, 1), (1, 1)])
def test_message_is_due_from_its_moment_on(seconds: int, tried: int, delivered: list) -> None:
    emit()

    assert outbox.drain(now=NOW + dt.timedelta(seconds=seconds)) == tried


@pytest.mark.parametrize(("seconds", "tried"), [(119, 0), (120, 1)])
def test_message_of_a_drainer_that_died_is_taken_after_the_lease(seconds: int, tried: int, delivered: list) -> None:
    def die(payload: dict, *, key: str, now: dt.datetime) -> None:
        raise SystemExit

    emit()
    with outbox_handlers.replaced_by(t=OutboxHandler(die)), pytest.raises(SystemExit):
        outbox.drain(now=NOW)

    assert outbox.drain(now=NOW + dt.timedelta(seconds=seconds)) == tried
    assert len(delivered) == tried


@pytest.mark.usefixtures("handlers")
def test_waiting_time_doubles_up_to_six_hours() -> None:
    emit()
    waits, now = [], NOW

    for _attempt in range(12):
        outbox.drain(now=now)
        due = OutboxMessage.objects.get().available_at
        waits.append(int((due - now).total_seconds()))
        now = due

    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480]
    assert OutboxMessage.objects.get().gave_up_at is not None


@pytest.mark.usefixtures("handlers")
def test_waiting_time_has_an_upper_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 20)
    emit()
    OutboxMessage.objects.update(attempts=15)

    outbox.drain(now=NOW)

    assert OutboxMessage.objects.get().available_at == NOW + dt.timedelta(hours=6)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(("attempts", "given_up", "level"), [(10, False, "WARNING"), (11, True, "ERROR")])
def test_twelfth_failure_is_the_last(
    attempts: int, given_up: bool, level: str, caplog: pytest.LogCaptureFixture
) -> None:
    emit()
    OutboxMessage.objects.update(attempts=attempts)

    outbox.drain(now=NOW)

    assert (OutboxMessage.objects.get().gave_up_at is not None) is given_up
    assert [record.levelname for record in caplog.records] == [level]


def test_drain_takes_the_oldest_first_and_no_more_than_asked(delivered: list) -> None:
    for minute in (3, 1, 2):
        moment = NOW - dt.timedelta(minutes=minute)
        outbox.emit(topic="t", key=str(minute), payload={}, now=moment)
    outbox.emit(topic="t", key="1b", payload={}, now=NOW - dt.timedelta(minutes=1))

    assert outbox.drain(now=NOW, limit=3) == 3
    assert [key for key, _ in delivered] == ["3", "2", "1"]
    assert outbox.drain(now=NOW, limit=3) == 1


def test_delivery_forgets_the_last_error(delivered: list) -> None:
    emit()
    OutboxMessage.objects.update(last_error="ValueError", attempts=3)

    outbox.drain(now=NOW)

    row = OutboxMessage.objects.get()
    assert (row.last_error, row.attempts, row.done_at, row.gave_up_at) == ("", 4, NOW, None)


def test_emit_keeps_its_moments() -> None:
    later = NOW + dt.timedelta(hours=1)
    outbox.emit(topic="t", key="k", payload={"a": 1}, now=NOW, available_at=later)

    row = OutboxMessage.objects.get()
    assert (row.topic, row.key, row.payload) == ("t", "k", {"a": 1})
    assert (row.created_at, row.available_at, row.attempts) == (NOW, later, 0)


@pytest.mark.parametrize(("seconds", "calls"), [(-1, 1), (0, 1), (1, 0)])
def test_only_what_is_due_wakes_the_drainer(seconds: int, calls: int, django_capture_on_commit_callbacks) -> None:
    woken: list[str] = []

    with outbox_waker.replaced_by(lambda: woken.append("a")), django_capture_on_commit_callbacks(execute=True):
        outbox.emit(topic="t", key="k", payload={}, now=NOW, available_at=NOW + dt.timedelta(seconds=seconds))

    assert woken == ["a"] * calls


def test_without_a_waker_the_message_waits_to_be_drained(django_capture_on_commit_callbacks, delivered: list) -> None:
    with outbox_waker.replaced_by(None), django_capture_on_commit_callbacks(execute=True) as callbacks:
        emit(a=1)

    assert (len(callbacks), delivered) == (1, [])
    assert (outbox.drain(now=NOW), delivered) == (1, [("k", {"a": 1})])


@pytest.mark.parametrize(("seconds", "removed"), [(-1, 0), (0, 0), (1, 1)])
def test_delivered_messages_go_after_two_weeks(seconds: int, removed: int, delivered: list) -> None:
    emit()
    outbox.drain(now=NOW)

    assert outbox.prune(now=NOW + dt.timedelta(days=14, seconds=seconds)) == removed


def test_messages_given_up_are_not_removed() -> None:
    emit()
    OutboxMessage.objects.update(gave_up_at=NOW)

    assert outbox.prune(now=NOW + dt.timedelta(days=99)) == 0


def test_backlog_counts_only_what_waits_and_names_the_oldest(delivered: list) -> None:
    emit("done")
    outbox.drain(now=NOW)
    outbox.emit(topic="t", key="old", payload={}, now=NOW - dt.timedelta(minutes=5))
    outbox.emit(topic="t", key="young", payload={}, now=NOW - dt.timedelta(minutes=1))
    outbox.emit(topic="t", key="later", payload={}, now=NOW, available_at=NOW + dt.timedelta(minutes=1))
    outbox.emit(topic="t", key="hopeless", payload={}, now=NOW - dt.timedelta(minutes=9))
    OutboxMessage.objects.filter(key="hopeless").update(gave_up_at=NOW)

    assert outbox.backlog(NOW) == (2, dt.timedelta(minutes=5))


MINUTE = dt.timedelta(minutes=1)


def test_handlers_get_the_time_of_their_delivery(handlers: ManyPort[OutboxHandler]) -> None:
    seen: list[dt.datetime] = []
    handlers.register("t", OutboxHandler(lambda payload, *, key, now: seen.append(now)))
    for key in "abc":
        emit(key)
    times = [NOW, NOW + MINUTE, NOW + 2 * MINUTE]

    assert outbox.drain(now=NOW, clock=iter(times).__next__) == 3

    assert seen == times
    assert list(OutboxMessage.objects.order_by("pk").values_list("done_at", flat=True)) == times


def test_lease_begins_again_before_each_delivery(handlers: ManyPort[OutboxHandler]) -> None:
    """Three deliveries of ninety seconds: what is under way is never claimed by another drainer."""
    times = [NOW, NOW + 1.5 * MINUTE, NOW + 3 * MINUTE]
    leases: list[dt.datetime] = []

    def look(payload: dict, *, key: str, now: dt.datetime) -> None:
        leases.append(OutboxMessage.objects.get(key=key).available_at)

    handlers.register("t", OutboxHandler(look))
    for key in "abc":
        emit(key)

    outbox.drain(now=NOW, clock=iter(times).__next__)

    assert leases == [moment + outbox.LEASE for moment in times]


def test_slow_drainer_leaves_what_another_has_claimed_since(handlers: ManyPort[OutboxHandler]) -> None:
    seen: list[str] = []

    def slow(payload: dict, *, key: str, now: dt.datetime) -> None:
        seen.append(key)
        if key == "a" and now == NOW:  # it takes three minutes, and another drainer comes by
            assert outbox.drain(now=NOW + 3 * MINUTE) == 3

    handlers.register("t", OutboxHandler(slow))
    for key in "abc":
        emit(key)

    assert outbox.drain(now=NOW) == 1

    assert seen == ["a", "a", "b", "c"]
    done = OutboxMessage.objects.order_by("pk").values_list("done_at", "attempts")
    assert list(done) == [(NOW, 2), (NOW + 3 * MINUTE, 2), (NOW + 3 * MINUTE, 2)]


def test_what_is_done_meanwhile_is_not_delivered(handlers: ManyPort[OutboxHandler]) -> None:
    seen: list[str] = []

    def finish_b(payload: dict, *, key: str, now: dt.datetime) -> None:
        seen.append(key)
        OutboxMessage.objects.filter(key="b").update(done_at=NOW)

    handlers.register("t", OutboxHandler(finish_b))
    for key in "ab":
        emit(key)

    assert (outbox.drain(now=NOW), seen) == (1, ["a"])


def test_late_failure_leaves_the_row_of_the_drainer_that_has_it_now(handlers: ManyPort[OutboxHandler]) -> None:
    later = NOW + 3 * MINUTE

    def fail_late(payload: dict, *, key: str, now: dt.datetime) -> None:
        outbox._claim(now=later, limit=1)
        raise ValueError

    handlers.register("t", OutboxHandler(fail_late))
    emit()
    OutboxMessage.objects.update(attempts=outbox.MAX_ATTEMPTS - 2)

    outbox.drain(now=NOW)

    row = OutboxMessage.objects.get()
    assert (row.available_at, row.last_error, row.gave_up_at) == (later + outbox.LEASE, "", None)
