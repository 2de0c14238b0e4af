"""Limits count in the shared place, the same in both ways to run."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache

from cms.core.models import RateCounter
from cms.core.web.limits import Limit, LimitReached, count_hit, count_hits, prune_counters, take_back_hits

NOW = dt.datetime(2026, 3, 2, 10, 0, 10, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
TWICE_A_MINUTE = Limit("codes", 2, MINUTE)
FIVE_A_MINUTE = Limit("more", 5, MINUTE)
pytestmark = pytest.mark.django_db


@pytest.fixture(params=["database", "cache"], autouse=True)
def shared_state(request: pytest.FixtureRequest, settings) -> str:
    settings.SHARED_STATE = request.param
    return request.param


def left(limit: Limit, *, who: str = "a", now: dt.datetime = NOW) -> int:
    """How many attempts still pass; uses them up."""
    for number in range(limit.times + 1):
        try:
            count_hit(limit, who=who, now=now)
        except LimitReached:
            return number
    return limit.times + 1


def test_count_hit_refuses_after_the_last_allowed_one() -> None:
    count_hit(TWICE_A_MINUTE, who="a", now=NOW)
    count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    with pytest.raises(LimitReached) as caught:
        count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    assert (caught.value.status, caught.value.limit, caught.value.seconds) == (429, TWICE_A_MINUTE, 50)


@pytest.mark.parametrize(
    ("seconds", "allowed"),
    [(-11, 2), (-10, 0), (0, 0), (49, 0), (50, 2)],
    ids=["window before", "its first second", "same moment", "its last second", "window after"],
)
def test_a_window_begins_and_ends_on_its_second(seconds: int, allowed: int) -> None:
    assert left(TWICE_A_MINUTE) == 2

    assert left(TWICE_A_MINUTE, now=NOW + dt.timedelta(seconds=seconds)) == allowed


@pytest.mark.parametrize(("seconds", "wait"), [(-10, 60), (0, 50), (49, 1)])
def test_refusal_names_the_seconds_until_the_next_window(seconds: int, wait: int) -> None:
    left(TWICE_A_MINUTE)

    with pytest.raises(LimitReached) as caught:
        count_hit(TWICE_A_MINUTE, who="a", now=NOW + dt.timedelta(seconds=seconds))

    assert caught.value.seconds == wait


def test_people_and_limits_are_kept_apart() -> None:
    other = Limit("other", 1, MINUTE)
    left(TWICE_A_MINUTE)

    assert (left(TWICE_A_MINUTE, who="b"), left(other)) == (2, 1)


def test_count_hits_stops_at_the_first_limit_that_is_used_up() -> None:
    both = [(TWICE_A_MINUTE, "a"), (FIVE_A_MINUTE, "a")]
    count_hits(both, now=NOW)
    count_hits(both, now=NOW)

    with pytest.raises(LimitReached) as caught:
        count_hits(both, now=NOW)

    assert caught.value.limit == TWICE_A_MINUTE
    assert left(FIVE_A_MINUTE) == 3


def test_take_back_hits_undoes_one_attempt_of_each_and_of_nobody_else() -> None:
    both = [(TWICE_A_MINUTE, "a"), (FIVE_A_MINUTE, "a")]
    count_hits(both, now=NOW)
    count_hits([*both, (TWICE_A_MINUTE, "b")], now=NOW)

    take_back_hits(both, now=NOW)

    assert (left(TWICE_A_MINUTE), left(FIVE_A_MINUTE), left(TWICE_A_MINUTE, who="b")) == (1, 4, 1)


def test_take_back_hits_leaves_other_windows_alone() -> None:
    later = NOW + MINUTE
    count_hit(TWICE_A_MINUTE, who="a", now=NOW)
    count_hit(TWICE_A_MINUTE, who="a", now=later)

    take_back_hits([(TWICE_A_MINUTE, "a")], now=later)

    assert (left(TWICE_A_MINUTE), left(TWICE_A_MINUTE, now=later)) == (1, 2)


def test_take_back_hits_of_a_counter_that_is_gone_changes_nothing() -> None:
    take_back_hits([(TWICE_A_MINUTE, "a")], now=NOW)

    assert left(TWICE_A_MINUTE) == 2


def test_number_is_not_stored_in_clear(shared_state: str) -> None:
    count_hit(TWICE_A_MINUTE, who="13800138000", now=NOW)

    keys = [row.key for row in RateCounter.objects.all()] if shared_state == "database" else list(cache._cache)
    assert len(keys) == 1
    assert "13800138000" not in keys[0]


@pytest.mark.parametrize(("hours", "removed"), [(47, 0), (48, 0), (49, 1)])
def test_counters_are_removed_after_two_days(hours: int, removed: int, settings) -> None:
    settings.SHARED_STATE = "database"
    hour = Limit("hour", 1, dt.timedelta(hours=1))
    start = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
    count_hit(hour, who="a", now=start)

    assert prune_counters(now=start + dt.timedelta(hours=hours)) == removed


@pytest.mark.parametrize(("seconds", "allowed"), [(119, 0), (121, 2)])
def test_cache_keeps_a_counter_for_a_clock_that_is_late(seconds: int, allowed: int, settings) -> None:
    """A minute beyond its window: another process may still count into it."""
    settings.SHARED_STATE = "cache"
    with time_machine.travel(NOW, tick=False) as clock:
        left(TWICE_A_MINUTE)
        clock.shift(dt.timedelta(seconds=seconds))

        assert left(TWICE_A_MINUTE) == allowed
