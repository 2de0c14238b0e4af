"""Waking the drainer never fails a request, and a rush wakes it once a second."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from kombu.exceptions import OperationalError

from cms.core import housekeeping
from cms.core.models import OutboxMessage, RateCounter
from cms.core.runtime import health, outbox
from cms.core.runtime.kernel_ports import Job, health_checks, jobs, outbox_waker

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


def test_waker_sends_again_after_a_whole_second(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, dict]] = []
    waker = housekeeping.Waker("queue")
    monkeypatch.setattr(waker.producer, "send_task", lambda name, **options: sent.append((name, options)))
    start = housekeeping.time.monotonic()

    for seconds in (0.0, 0.99, 1.0, 1.5, 1.99, 2.0):
        monkeypatch.setattr(housekeeping.time, "monotonic", lambda seconds=seconds: start + seconds)
        waker()

    assert [name for name, _options in sent] == ["core.drain_outbox"] * 3
    assert sent[0][1] == {"queue": "queue", "countdown": 1.0, "expires": 60, "retry": False}


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "ok"), [(599, True), (600, True), (601, False)])
def test_jobs_part_fails_after_ten_minutes(seconds: int, ok: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "clock", lambda: NOW)
    outbox.emit(topic="t", key="k", payload={}, now=NOW - dt.timedelta(seconds=seconds))
    outbox.emit(topic="t", key="young", payload={}, now=NOW)

    _able, report = health.examine()

    assert (report["jobs"]["ok"], report["jobs"]["detail"]) == (ok, "2 waiting" if ok else "RuntimeError")


@pytest.mark.django_db
def test_old_sessions_are_removed() -> None:
    session = SessionStore()
    session.set_expiry(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    session.save()
    kept = SessionStore()
    kept.save()

    housekeeping.remove_old_rows(NOW)

    assert list(Session.objects.values_list("session_key", flat=True)) == [kept.session_key]


def test_own_job_and_part_are_registered_at_the_start() -> None:
    assert jobs.get("core: remove old rows") == Job(housekeeping.remove_old_rows, at=dt.time(3, 40))


@pytest.mark.parametrize(("address", "waker"), [("", "NoneType"), ("redis://127.0.0.1:1/0", "Waker")])
def test_only_service_mode_has_a_waker(address: str, waker: str, settings) -> None:
    settings.REDIS_URL = address

    with jobs.replaced_by(), health_checks.replaced_by(), outbox_waker.replaced_by(None):
        for _again in range(2):
            housekeeping.register_all()

        assert type(outbox_waker.get()).__name__ == waker
        assert (jobs.answered_by, health_checks.answered_by) == (("core: remove old rows",), ("jobs",))
