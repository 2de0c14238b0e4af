"""Jobs run when they are due, once, and one that fails does not stop the others."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.models import JobRun
from cms.core.runtime import jobs

NOW = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)  # 18:00 on the site's clock
HOUR = dt.timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})


@pytest.mark.parametrize("times", [{}, {"every": HOUR, "at": dt.time(3)}])
def test_register_job_wants_a_period_or_a_time(times: dict) -> None:
    with pytest.raises(ValueError, match="either every= or at="):
        jobs.register_job("x", lambda now: None, **times)


def test_run_due_gives_the_clock_and_waits_for_the_period() -> None:
    seen: list[dt.datetime] = []
    jobs.register_job("x", seen.append, every=HOUR)

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
    jobs.register_job("x", lambda now: None, at=clock)

    jobs.run_due(now=NOW)

    assert JobRun.objects.get().next_due_at == due


def test_failed_job_is_recorded_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[dt.datetime] = []
    jobs.register_job("bad", lambda now: 1 / 0, every=HOUR)
    jobs.register_job("good", seen.append, every=HOUR)

    jobs.run_due(now=NOW)

    assert seen == [NOW]
    assert JobRun.objects.get(name="bad").last_error == "ZeroDivisionError"
    assert caplog.messages == ["job bad failed"]


def test_job_that_another_runner_holds_is_left_alone() -> None:
    jobs.register_job("x", lambda now: None, every=HOUR)
    JobRun.objects.create(name="x", next_due_at=NOW + dt.timedelta(minutes=5), started_at=NOW)

    assert jobs.run_due(now=NOW) == []
    assert jobs.registered_jobs().keys() == {"x"}
