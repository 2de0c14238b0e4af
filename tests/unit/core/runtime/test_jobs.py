"""Jobs run when they are due, once, and one that fails does not stop the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from cms.core.models import JobRun
from cms.core.runtime import jobs, kernel_ports
from cms.core.runtime.kernel_ports import Job

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)  # 18:00 on the site's clock
HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_jobs() -> Iterator[None]:
    with kernel_ports.jobs.replaced_by():
        yield


@pytest.mark.parametrize("times", [{}, {"every": HOUR, "at": dt.time(3)}])
def test_job_wants_a_period_or_a_time(times: dict) -> None:
    with pytest.raises(ValueError, match="either every= or at="):
        Job(lambda now: None, **times)


def test_run_due_gives_the_clock_and_waits_for_the_period() -> None:
    seen: list[dt.datetime] = []
    kernel_ports.jobs.register("x", Job(seen.append, every=HOUR))

    ran = [jobs.run_due(now=NOW + minutes * HOUR / 60) for minutes in (0, 59, 60)]

    assert ran == [["x"], [], ["x"]]
    assert seen == [NOW, NOW + HOUR]


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        (dt.time(19), dt.datetime(2026, 3, 2, 11, 0, tzinfo=dt.UTC)),
        (dt.time(3), dt.datetime(2026, 3, 2, 19, 0, tzinfo=dt.UTC)),
    ],
)
def test_daily_job_is_next_due_at_its_clock_time(clock: dt.time, due: dt.datetime) -> None:
    kernel_ports.jobs.register("x", Job(lambda now: None, at=clock))

    jobs.run_due(now=NOW)

    assert JobRun.objects.get().next_due_at == due


def test_failed_job_is_recorded_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dt.datetime] = []
    kernel_ports.jobs.register("bad", Job(lambda now: 1 / 0, every=HOUR))
    kernel_ports.jobs.register("good", Job(seen.append, every=HOUR))

    jobs.run_due(now=NOW)

    assert seen == [NOW]
    assert JobRun.objects.get(name="bad").last_error == "ZeroDivisionError"
    assert caplog.messages == ["job bad failed: ZeroDivisionError"]
    assert caplog.records[0].exc_info is None


def test_job_that_another_runner_holds_is_left_alone() -> None:
    kernel_ports.jobs.register("x", Job(lambda now: None, every=HOUR))
    JobRun.objects.create(name="x", next_due_at=NOW + dt.timedelta(minutes=5), started_at=NOW)

    assert jobs.run_due(now=NOW) == []
    assert JobRun.objects.get().next_due_at == NOW + dt.timedelta(minutes=5)


@pytest.mark.parametrize(
    ("clock", "due"),
    [
        (dt.time(17, 59, 59), dt.datetime(2026, 3, 3, 9, 59, 59, tzinfo=dt.UTC)),
        (dt.time(18), dt.datetime(2026, 3, 3, 10, 0, tzinfo=dt.UTC)),  # due this very moment: that is this run
        (dt.time(18, 0, 1), dt.datetime(2026, 3, 2, 10, 0, 1, tzinfo=dt.UTC)),
        (dt.time(0), dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)),
    ],
)
def test_daily_job_runs_once_a_day(clock: dt.time, due: dt.datetime) -> None:
    kernel_ports.jobs.register("x", Job(lambda now: None, at=clock))

    jobs.run_due(now=NOW)

    assert JobRun.objects.get().next_due_at == due


@pytest.mark.parametrize(("seconds", "ran"), [(-1, []), (0, ["x"]), (1, ["x"])])
def test_job_runs_from_its_due_moment_on(seconds: int, ran: list[str]) -> None:
    kernel_ports.jobs.register("x", Job(lambda now: None, every=HOUR))
    JobRun.objects.create(name="x", next_due_at=NOW)

    assert jobs.run_due(now=NOW + dt.timedelta(seconds=seconds)) == ran


def test_job_is_leased_while_it_runs_and_noted_afterwards() -> None:
    during: list[tuple] = []
    values = ("next_due_at", "started_at", "finished_at")
    kernel_ports.jobs.register("x", Job(lambda now: during.extend(JobRun.objects.values_list(*values)), every=HOUR))

    jobs.run_due(now=NOW)
    second = NOW + HOUR
    jobs.run_due(now=second)

    lease = dt.timedelta(minutes=10)
    assert during == [(NOW + lease, NOW, None), (second + lease, second, NOW)]
    assert list(JobRun.objects.values_list(*values, "last_error")) == [(second + HOUR, second, second, "")]


def test_lease_of_a_job_may_be_its_own() -> None:
    seen: list[dt.datetime] = []
    kernel_ports.jobs.register(
        "x", Job(lambda now: seen.append(JobRun.objects.get().next_due_at), every=HOUR, lease=2 * HOUR)
    )

    jobs.run_due(now=NOW)

    assert seen == [NOW + 2 * HOUR]


def test_failed_job_runs_again_at_its_next_time_and_forgets_its_error() -> None:
    outcomes = iter([ZeroDivisionError(), None])

    def run(now: dt.datetime) -> None:
        if problem := next(outcomes):
            raise problem

    kernel_ports.jobs.register("x", Job(run, every=HOUR))

    ran = [jobs.run_due(now=NOW + part * HOUR / 2) for part in range(3)]

    assert ran == [["x"], [], ["x"]]
    assert JobRun.objects.get().last_error == ""


def test_runner_that_comes_second_to_a_new_job_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other has written the row between the look and the insert."""
    ran: list[dt.datetime] = []
    kernel_ports.jobs.register("x", Job(ran.append, every=HOUR))
    create = JobRun.objects.create

    def late(**values: object) -> JobRun:
        create(**values)
        return create(**values)

    monkeypatch.setattr(JobRun.objects, "create", late)

    assert (jobs.run_due(now=NOW), ran) == ([], [])


def fails(now: dt.datetime) -> None:
    raise ValueError


def test_daily_job_that_failed_is_tried_again_within_minutes_and_five_times_at_most() -> None:
    tries: list[dt.datetime] = []

    def run(now: dt.datetime) -> None:
        tries.append(now)
        raise ValueError

    kernel_ports.jobs.register("x", Job(run, at=dt.time(18)))
    for minute in range(24 * 60):
        jobs.run_due(now=NOW + dt.timedelta(minutes=minute))

    assert tries == [NOW + dt.timedelta(minutes=minute) for minute in (0, 5, 15, 35, 75)]
    assert JobRun.objects.get().next_due_at == NOW + 24 * HOUR


def test_daily_job_has_its_tries_again_on_the_next_day() -> None:
    kernel_ports.jobs.register("x", Job(fails, at=dt.time(18)))
    JobRun.objects.create(name="x", next_due_at=NOW, failures=jobs.MAX_TRIES - 1)

    jobs.run_due(now=NOW)
    jobs.run_due(now=NOW + 24 * HOUR)

    run = JobRun.objects.get()
    assert (run.failures, run.next_due_at) == (1, NOW + 24 * HOUR + jobs.FIRST_RETRY)


def test_daily_job_that_works_the_second_time_is_done_for_the_day() -> None:
    outcomes = iter([ValueError(), None])

    def run(now: dt.datetime) -> None:
        if problem := next(outcomes):
            raise problem

    kernel_ports.jobs.register("x", Job(run, at=dt.time(18)))
    ran = [jobs.run_due(now=NOW + dt.timedelta(minutes=minute)) for minute in (0, 4, 5)]

    assert ran == [["x"], [], ["x"]]
    run_ = JobRun.objects.get()
    assert (run_.failures, run_.last_error, run_.next_due_at) == (0, "", NOW + 24 * HOUR)


def test_job_with_a_period_waits_for_its_period_after_a_failure() -> None:
    kernel_ports.jobs.register("x", Job(fails, every=HOUR))

    jobs.run_due(now=NOW)

    run = JobRun.objects.get()
    assert (run.failures, run.next_due_at) == (0, NOW + HOUR)


def test_each_job_is_claimed_at_the_time_it_begins() -> None:
    """The first takes half an hour: the second's lease begins after it."""
    seen: list[tuple[dt.datetime, dt.datetime]] = []
    kernel_ports.jobs.register("slow", Job(lambda now: None, every=HOUR))
    kernel_ports.jobs.register(
        "next", Job(lambda now: seen.append((now, JobRun.objects.get(name="next").next_due_at)), every=HOUR)
    )
    times = [NOW, NOW + HOUR / 2]

    jobs.run_due(now=NOW, clock=iter(times).__next__)

    assert seen == [(NOW + HOUR / 2, NOW + HOUR / 2 + dt.timedelta(minutes=10))]


@pytest.mark.parametrize(("minutes", "started"), [(9, 1), (10, 2), (11, 2)])
def test_second_runner_starts_a_job_only_when_its_lease_has_ended(minutes: int, started: int) -> None:
    seen: list[dt.datetime] = []

    def slow(now: dt.datetime) -> None:
        seen.append(now)
        if now == NOW:
            jobs.run_due(now=NOW + dt.timedelta(minutes=minutes))

    kernel_ports.jobs.register("x", Job(slow, every=HOUR))

    jobs.run_due(now=NOW)

    assert len(seen) == started


def test_runner_whose_lease_ended_leaves_the_row_of_the_one_that_has_the_job_now() -> None:
    """The second is still at work when the first is done: nobody may start a third."""
    later = NOW + dt.timedelta(minutes=11)

    def slow(now: dt.datetime) -> None:
        JobRun.objects.filter(name="x").update(started_at=later, next_due_at=later + dt.timedelta(minutes=10))

    kernel_ports.jobs.register("x", Job(slow, every=dt.timedelta(seconds=15)))

    jobs.run_due(now=NOW)

    run = JobRun.objects.get()
    assert (run.next_due_at, run.finished_at) == (later + dt.timedelta(minutes=10), None)
