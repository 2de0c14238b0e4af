"""Celery's two tasks: drain the outbox, run what is due. `manage.py run_jobs` needs no Celery."""

from __future__ import annotations

from celery import shared_task

from cms.core.calendar.times import now
from cms.core.runtime import jobs, outbox

#: The longest lease that a job names: a worker that hangs is stopped by the time another may start the job.
LONGEST_JOB_SECONDS = 60 * 60


@shared_task(name="core.drain_outbox")
def drain_outbox() -> int:
    """Deliver everything that is due; returns how many messages were tried."""
    tried = 0
    # A batch takes one row of each stream at most, so what a delivered row held back is found by the next.
    while batch := outbox.drain(now=now(), clock=now):
        tried += batch
    return tried


@shared_task(name="core.run_due_jobs", time_limit=LONGEST_JOB_SECONDS)
def run_due_jobs() -> list[str]:
    """Run the periodic jobs that are due; returns their names."""
    return jobs.run_due(now=now(), clock=now)
