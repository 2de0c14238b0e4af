"""What the database itself refuses of the kernel's tables."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from cms.core.models import CacheVersion, CalendarDay, JobRun, OutboxMessage, RateCounter
from tests.constraints import refuses

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 26, 2, 0, tzinfo=dt.UTC)


def promise(topic: str) -> OutboxMessage:
    return OutboxMessage.objects.create(topic=topic, key="one", created_at=NOW, available_at=NOW)


def count(moment: dt.datetime) -> RateCounter:
    return RateCounter.objects.create(key="one", window_starts_at=moment)


def test_effect_is_promised_once_in_a_topic() -> None:
    promise("a")
    promise("b")

    refuses("outbox_topic_key_once", lambda: promise("a"))


def test_day_is_a_holiday_or_a_workday() -> None:
    refuses(
        "calendar_day_kind_known",
        lambda: CalendarDay.objects.create(date=NOW.date(), kind="party", name="x", source="x"),
    )


def test_key_has_one_counter_a_window() -> None:
    count(NOW)
    count(NOW + dt.timedelta(minutes=1))

    refuses("rate_counter_key_window", lambda: count(NOW))


def test_rows_name_themselves() -> None:
    day = CalendarDay.objects.create(date=NOW.date(), kind="holiday", name="元旦", source="x")
    row = RateCounter.objects.create(key="k", window_starts_at=NOW, count=3)

    assert [str(made) for made in (day, row, CacheVersion(name="public", version=2), JobRun(name="job"))] == [
        "2026-11-26 元旦",
        "k 3",
        "public 2",
        "job",
    ]


def test_counter_begins_at_zero_and_a_version_at_one() -> None:
    assert (RateCounter(key="k", window_starts_at=NOW).count, CacheVersion(name="public").version) == (0, 1)
    assert (promise("a").attempts, promise("b").payload) == (0, {})


def test_day_is_entered_once() -> None:
    CalendarDay.objects.create(date=NOW.date(), kind="holiday", name="x", source="x")

    with pytest.raises(IntegrityError, match="date"), transaction.atomic():
        CalendarDay.objects.create(date=NOW.date(), kind="workday", name="y", source="y")


def test_job_and_version_of_a_name_exist_once() -> None:
    for make in (
        lambda: JobRun.objects.create(name="a", next_due_at=NOW),
        lambda: CacheVersion.objects.create(name="a"),
    ):
        make()
        with pytest.raises(IntegrityError, match="name"), transaction.atomic():
            make()
