"""The kernel's own periodic jobs, and what wakes the drainer in service mode."""

from __future__ import annotations

import datetime as dt
import logging
import time
from functools import cache

from celery import Celery
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from kombu.exceptions import OperationalError

from cms.core.calendar.times import now as clock
from cms.core.runtime import outbox
from cms.core.runtime.kernel_ports import HealthCheck, Job, health_checks, jobs, outbox_waker
from cms.core.web import limits

logger = logging.getLogger(__name__)

# One task drains everything written in the second after it was sent, so a rush sends one a second and process.
WAKE_EVERY_SECONDS = 1.0
LATE = dt.timedelta(minutes=10)
DRAIN_TASK = "core.drain_outbox"
QUEUE = "celery"


class Waker:
    """Sends the draining task after a commit, at most once a second; never fails the request that woke it."""

    def __init__(self, queue: str = QUEUE) -> None:
        self._queue = queue
        self._sent = 0.0
        # A producer of its own: a management command never loads the site's Celery application.
        self.producer = Celery("tuoyu-producer", set_as_current=False)
        self.producer.config_from_object("django.conf:settings", namespace="CELERY")

    def __call__(self) -> None:
        """Send, unless a task sent just now is still to come. Beat drains what is missed."""
        now = time.monotonic()
        if now - self._sent < WAKE_EVERY_SECONDS:
            return
        self._sent = now
        try:
            self.producer.send_task(
                DRAIN_TASK, queue=self._queue, countdown=WAKE_EVERY_SECONDS, expires=60, retry=False
            )
        except (OperationalError, OSError) as problem:
            logger.warning("could not wake the drainer: %s", type(problem).__name__)


@cache
def own_waker() -> Waker:
    """The waker of this process."""
    return Waker()


def remove_old_rows(now: dt.datetime) -> None:
    """Delivered messages, old counters and expired sessions."""
    outbox.prune(now=now)
    limits.prune_counters(now=now)
    SessionStore.clear_expired()


def _check_jobs() -> str:
    count, age = outbox.backlog(clock())
    if age > LATE:
        raise RuntimeError("the outbox is not being drained")
    return f"{count} waiting"


def register_all() -> None:
    """Called once when the app is ready."""
    jobs.register("core: remove old rows", Job(remove_old_rows, at=dt.time(3, 40)))
    health_checks.register("jobs", HealthCheck(_check_jobs))
    if settings.REDIS_URL:
        outbox_waker.register(own_waker())
