"""Runs what is due of the periodic jobs that the apps register at ``kernel_ports.jobs``.

The same functions run under ``manage.py run_jobs`` and under Celery beat: beat only asks what is due. The ``JobRun``
row is the lock, so several runners never run one job at once.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import IntegrityError, transaction

from cms.core.models import JobRun
from cms.core.runtime.failures import log_failure
from cms.core.runtime.kernel_ports import Job, jobs

logger = logging.getLogger(__name__)

#: A daily job that failed is tried again after 5, 10, 20 and 40 minutes; then it waits for its next day.
FIRST_RETRY = dt.timedelta(minutes=5)
MAX_TRIES = 5


def run_due(*, now: dt.datetime, clock: Callable[[], dt.datetime] | None = None) -> list[str]:
    """Run every job that is due; returns their names.

    ``clock`` gives the time at which each job begins, the one before may have taken long; without it ``now`` is the
    time of all.
    """
    ran = []
    for name, job in jobs.all().items():
        moment = clock() if clock else now
        if _claim(name, job, now=moment):
            _run(name, job, now=moment)
            ran.append(name)
    return ran


def _claim(name: str, job: Job, *, now: dt.datetime) -> bool:
    """Move the due time beyond the lease by a conditional update: only one runner sees a row change."""
    claimed = JobRun.objects.filter(name=name, next_due_at__lte=now).update(next_due_at=now + job.lease, started_at=now)
    if claimed or JobRun.objects.filter(name=name).exists():
        return bool(claimed)
    try:
        with transaction.atomic():
            JobRun.objects.create(name=name, next_due_at=now + job.lease, started_at=now)
    except IntegrityError:
        return False
    return True


def _run(name: str, job: Job, *, now: dt.datetime) -> None:
    error = ""
    try:
        job.run(now)
    except Exception as problem:  # a failed job is recorded, and never stops the others
        error = log_failure(logger, f"job {name}", problem)
    _finish(name, job, error=error, now=now)


def _finish(name: str, job: Job, *, error: str, now: dt.datetime) -> None:
    """Record the run and when the job is due again, unless its lease ended and another runner has it now."""
    run = JobRun.objects.filter(name=name, started_at=now)
    before = run.values_list("failures", flat=True).first() or 0
    # A job with a period comes again by itself.
    failures = (before + 1) % MAX_TRIES if error and job.every is None else 0
    due = now + FIRST_RETRY * 2 ** (failures - 1) if failures else job.next_due(now)
    run.update(next_due_at=due, finished_at=now, last_error=error, failures=failures)
