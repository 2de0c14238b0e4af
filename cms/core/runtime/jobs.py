"""Periodic jobs: a registry, and one place that runs what is due.

The same functions run under ``manage.py run_jobs`` and under Celery beat: beat only asks what is due. The ``JobRun``
row is the lock, so several runners never run one job at once.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from cms.core.calendar.times import at as moment_at
from cms.core.calendar.times import local_date
from cms.core.models import JobRun

logger = logging.getLogger(__name__)

JobFunction = Callable[[dt.datetime], object]


@dataclass(frozen=True, slots=True)
class Job:
    """A named function with either a period or a daily clock time."""

    name: str
    run: JobFunction
    every: dt.timedelta | None
    daily_at: dt.time | None
    lease: dt.timedelta

    def next_due(self, now: dt.datetime) -> dt.datetime:
        if self.every is not None:
            return now + self.every
        clock = self.daily_at or dt.time.min
        today = moment_at(local_date(now), clock)
        return today if today > now else moment_at(local_date(now) + dt.timedelta(days=1), clock)


_jobs: dict[str, Job] = {}


def register_job(
    name: str,
    run: JobFunction,
    *,
    every: dt.timedelta | None = None,
    at: dt.time | None = None,
    lease: dt.timedelta = dt.timedelta(minutes=10),
) -> None:
    """Called in ``AppConfig.ready()``. ``run(now)`` is idempotent; exactly one of ``every`` and ``at`` is given."""
    if (every is None) == (at is None):
        raise ValueError("a job needs either every= or at=")
    _jobs[name] = Job(name, run, every, at, lease)


def registered_jobs() -> dict[str, Job]:
    """All jobs by name."""
    return dict(_jobs)


def run_due(*, now: dt.datetime) -> list[str]:
    """Run every job that is due; returns their names."""
    ran = []
    for job in _jobs.values():
        if _claim(job, now=now):
            _run(job, now=now)
            ran.append(job.name)
    return ran


def _claim(job: Job, *, now: dt.datetime) -> bool:
    """Move the due time beyond the lease by a conditional update: only one runner sees a row change."""
    claimed = JobRun.objects.filter(name=job.name, next_due_at__lte=now).update(
        next_due_at=now + job.lease, started_at=now
    )
    if claimed or JobRun.objects.filter(name=job.name).exists():
        return bool(claimed)
    try:
        with transaction.atomic():
            JobRun.objects.create(name=job.name, next_due_at=now + job.lease, started_at=now)
    except IntegrityError:
        return False
    return True


def _run(job: Job, *, now: dt.datetime) -> None:
    error = ""
    try:
        job.run(now)
    except Exception as problem:  # a failed job is recorded and tried again at its next time
        error = type(problem).__name__
        logger.exception("job %s failed", job.name)
    JobRun.objects.filter(name=job.name).update(next_due_at=job.next_due(now), finished_at=now, last_error=error)
