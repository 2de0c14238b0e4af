"""Waking the drainer never fails a request, and a rush wakes it once a second."""

from __future__ import annotations

import datetime as dt

import pytest
from kombu.exceptions import OperationalError

from cms.core import housekeeping
from cms.core.models import OutboxMessage, RateCounter
from cms.core.runtime import health, outbox

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)


def test_waker_sends_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    waker = housekeeping.Waker()
    monkeypatch.setattr(waker.producer, "send_task", lambda name, **options: sent.append(name))
    waker()
    waker()
    later = housekeeping.time.monotonic() + 2
    monkeypatch.setattr(housekeeping.time, "monotonic", lambda: later)
    waker()

    assert sent == ["core.drain_outbox", "core.drain_outbox"]


def test_waker_survives_a_broker_that_is_down(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def refuse(name: str, **options: object) -> None:
        raise OperationalError("down")

    waker = housekeeping.Waker()
    monkeypatch.setattr(waker.producer, "send_task", refuse)

    waker()

    assert caplog.messages == ["could not wake the drainer: OperationalError"]


@pytest.mark.django_db
def test_remove_old_rows_keeps_what_is_young() -> None:
    old, young = NOW - dt.timedelta(days=30), NOW - dt.timedelta(days=1)
    for moment in (old, young):
        OutboxMessage.objects.create(topic="t", key=str(moment), created_at=moment, available_at=moment, done_at=moment)
        RateCounter.objects.create(key="k", window_starts_at=moment)

    housekeeping.remove_old_rows(NOW)

    assert [row.done_at for row in OutboxMessage.objects.all()] == [young]
    assert [row.window_starts_at for row in RateCounter.objects.all()] == [young]


@pytest.mark.django_db
@pytest.mark.parametrize(("age_minutes", "ok"), [(1, True), (60, False)])
def test_jobs_part_fails_when_nobody_drains(age_minutes: int, ok: bool) -> None:
    moment = housekeeping.clock() - dt.timedelta(minutes=age_minutes)
    outbox.emit(topic="t", key="k", payload={}, now=moment)

    _able, report = health.examine()

    assert report["jobs"]["ok"] is ok
