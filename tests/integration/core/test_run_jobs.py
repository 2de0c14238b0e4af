"""`manage.py run_jobs` and the Celery tasks do the same work."""

from __future__ import annotations

import datetime as dt
import io
import signal
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from cms.core import tasks
from cms.core.calendar.times import now
from cms.core.models import OutboxMessage
from cms.core.runtime import outbox
from cms.core.runtime.kernel_ports import Job, OutboxHandler, jobs
from cms.core.runtime.ports import ManyPort

HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def delivered(handlers: ManyPort[OutboxHandler]) -> Iterator[list[str]]:
    keys: list[str] = []
    handlers.register("t", OutboxHandler(lambda payload, *, key, now: keys.append(key)))
    with jobs.replaced_by():
        yield keys


def test_once_delivers_everything_that_is_due(delivered: list[str]) -> None:
    moment = now()
    outbox.emit(topic="t", key="due", payload={}, now=moment)
    outbox.emit(topic="t", key="later", payload={}, now=moment, available_at=moment + dt.timedelta(hours=1))

    call_command("run_jobs", once=True)

    assert delivered == ["due"]


def test_once_delivers_what_a_job_has_just_written(delivered: list[str]) -> None:
    job = Job(lambda moment: outbox.emit(topic="t", key="from job", payload={}, now=moment), every=HOUR)
    jobs.register("writer", job)

    call_command("run_jobs", once=True)

    assert delivered == ["from job"]


def test_drain_goes_on_past_one_batch(delivered: list[str]) -> None:
    moment = now()
    outbox.emit_many([outbox.Effect("t", str(i), {}) for i in range(outbox.BATCH + 5)], now=moment)

    assert tasks.drain_outbox() == outbox.BATCH + 5
    assert OutboxMessage.objects.filter(done_at=None).count() == 0


def test_job_is_not_run_again_before_its_time(delivered: list[str]) -> None:
    jobs.register("daily", Job(lambda moment: None, at=dt.time(3, 0)))

    assert (tasks.run_due_jobs(), tasks.run_due_jobs()) == (["daily"], [])


def test_task_goes_on_until_nothing_is_due(delivered: list[str]) -> None:
    moment = now()
    outbox.emit_many([outbox.Effect("t", str(i), {}) for i in range(2 * outbox.BATCH)], now=moment)

    assert tasks.drain_outbox() == 200
    assert (outbox.BATCH, tasks.drain_outbox()) == (100, 0)


@pytest.mark.parametrize(("verbosity", "lines"), [(1, ""), (2, "1 jobs, 1 messages\n")])
def test_command_says_what_it_did_when_asked(delivered: list[str], verbosity: int, lines: str) -> None:
    jobs.register("x", Job(lambda moment: None, every=HOUR))
    outbox.emit(topic="t", key="k", payload={}, now=now())
    out = io.StringIO()

    call_command("run_jobs", once=True, verbosity=verbosity, stdout=out)

    assert out.getvalue() == lines


def test_command_is_silent_when_there_was_nothing(delivered: list[str]) -> None:
    out = io.StringIO()

    call_command("run_jobs", once=True, verbosity=2, stdout=out)

    assert out.getvalue() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_ends_at_a_signal_after_finishing_its_round(delivered: list[str], number: int) -> None:
    """The signal comes while a job runs: its messages are still delivered, then the command leaves."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}

    def work(moment: dt.datetime) -> None:
        outbox.emit(topic="t", key="from job", payload={}, now=moment)
        signal.raise_signal(number)

    jobs.register("x", Job(work, every=HOUR))
    try:
        call_command("run_jobs")
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)

    assert delivered == ["from job"]


def test_no_job_may_outlive_the_task_that_runs_it() -> None:
    leases = {name: job.lease for name, job in jobs.all().items()}

    assert leases["booking.cells"] == dt.timedelta(hours=1)
    assert tasks.run_due_jobs.time_limit == 3600
    assert {name for name, lease in leases.items() if lease.total_seconds() > tasks.run_due_jobs.time_limit} == set()
