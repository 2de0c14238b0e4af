"""The shared kernel over PostgreSQL and Redis, several threads at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from cms.celery import app
from cms.core.calendar.times import now
from cms.core.housekeeping import DRAIN_TASK, Waker
from cms.core.runtime import health, outbox, versions
from cms.core.runtime.kernel_ports import OutboxHandler
from cms.core.runtime.ports import ManyPort
from cms.core.web.limits import Limit, LimitReached, count_hit

THREADS = 8
TEN = Limit("ten", 10, dt.timedelta(hours=1))
pytestmark = pytest.mark.django_db(transaction=True)


def together(act: Callable[[int], object], times: int) -> list[object]:
    """Run the act so many times from eight threads, each with its own connection."""

    def one(number: int) -> object:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(times)))


def test_runs_on_postgresql_and_redis() -> None:
    assert (connection.vendor, settings.SHARED_STATE) == ("postgresql", "cache")


@pytest.mark.parametrize("shared_state", ["database", "cache"])
def test_limit_lets_exactly_its_number_through(shared_state: str, settings) -> None:
    settings.SHARED_STATE = shared_state
    moment = now()

    def hit(number: int) -> bool:
        try:
            count_hit(TEN, who="a", now=moment)
        except LimitReached:
            return False
        return True

    assert sum(together(hit, 40)) == 10


@pytest.mark.parametrize("shared_state", ["database", "cache"])
def test_version_loses_no_bump(shared_state: str, settings) -> None:
    settings.SHARED_STATE = shared_state
    versions.bump("public")
    versions.forget_seen()
    before = versions.current("public")

    together(lambda number: versions.bump("public"), 20)
    versions.forget_seen()

    assert versions.current("public") == before + 20


def test_message_is_claimed_by_one_drainer_only(handlers: ManyPort[OutboxHandler]) -> None:
    keys: list[str] = []
    handlers.register("t", OutboxHandler(lambda payload, *, key, now: keys.append(key)))
    moment = now()
    outbox.emit_many([outbox.Effect("t", f"{number:03}", {}) for number in range(200)], now=moment)

    together(lambda number: outbox.drain(now=moment, limit=20), 24)

    assert sorted(keys) == [f"{number:03}" for number in range(200)]


def test_waker_puts_the_draining_task_on_the_queue() -> None:
    queue = app.connection_for_read().SimpleQueue("tuoyu-test-wake")
    queue.clear()

    Waker(queue="tuoyu-test-wake")()

    message = queue.get(timeout=5)
    message.ack()
    queue.close()
    assert message.headers["task"] == DRAIN_TASK


def test_every_part_is_ready() -> None:
    able, report = health.examine()

    assert able is True
    assert [name for name, entry in report.items() if not entry["ok"]] == []
