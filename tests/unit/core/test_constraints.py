"""What the database itself refuses of the kernel's tables."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.models import CalendarDay, OutboxMessage, RateCounter
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
