"""Runs what is due of the periodic jobs that the apps register at ``kernel_ports.jobs``.

The same functions run under ``manage.py run_jobs`` and under Celery beat: beat only asks what is due. The ``JobRun``
row is the lock, so several runners never run one job at once.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import IntegrityError, transaction

from cms.core.models import JobRun
from cms.core.runtime.failures import log_failure
from cms.core.runtime.kernel_ports import Job, jobs

logger = logging.getLogger(__name__)


def run_due(*, now: dt.datetime) -> list[str]:
    """Run every job that is due; returns their names."""
    ran = []
    for name, job in jobs.all().items():
        if _claim(name, job, now=now):
            _run(name, job, now=now)
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
    except Exception as problem:  # a failed job is recorded and tried again at its next time
        error = log_failure(logger, f"job {name}", problem)
    JobRun.objects.filter(name=name).update(next_due_at=job.next_due(now), finished_at=now, last_error=error)
