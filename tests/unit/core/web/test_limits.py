"""Limits count in the shared place, the same in both ways to run."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.models import RateCounter
from cms.core.web.limits import Limit, LimitReached, count_hit, hits_so_far, prune_counters

NOW = dt.datetime(2026, 3, 2, 10, 0, 10, tzinfo=dt.UTC)
TWICE_A_MINUTE = Limit("codes", 2, dt.timedelta(minutes=1))
pytestmark = pytest.mark.django_db


@pytest.fixture(params=["database", "cache"], autouse=True)
def shared_state(request: pytest.FixtureRequest, settings) -> str:
    settings.SHARED_STATE = request.param
    return request.param


def test_count_hit_refuses_after_the_last_allowed_one() -> None:
    count_hit(TWICE_A_MINUTE, who="a", now=NOW)
    count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    with pytest.raises(LimitReached) as caught:
        count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    assert (caught.value.status, caught.value.seconds) == (429, 50)


def test_count_hit_begins_anew_in_the_next_window() -> None:
    for _ in range(2):
        count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    count_hit(TWICE_A_MINUTE, who="a", now=NOW + dt.timedelta(seconds=50))

    assert hits_so_far(TWICE_A_MINUTE, who="a", now=NOW + dt.timedelta(seconds=50)) == 1


def test_count_hit_keeps_people_and_limits_apart() -> None:
    other = Limit("other", 1, dt.timedelta(minutes=1))
    for _ in range(2):
        count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    count_hit(TWICE_A_MINUTE, who="b", now=NOW)
    count_hit(other, who="a", now=NOW)

    assert [hits_so_far(TWICE_A_MINUTE, who=who, now=NOW) for who in "abc"] == [2, 1, 0]


def test_count_hit_stores_no_number_in_clear(settings) -> None:
    settings.SHARED_STATE = "database"
    count_hit(TWICE_A_MINUTE, who="13800138000", now=NOW)

    assert "13800138000" not in RateCounter.objects.get().key


def test_prune_counters_removes_old_windows_only(settings) -> None:
    settings.SHARED_STATE = "database"
    count_hit(TWICE_A_MINUTE, who="a", now=NOW - dt.timedelta(days=3))
    count_hit(TWICE_A_MINUTE, who="a", now=NOW)

    assert prune_counters(now=NOW) == 1
    assert RateCounter.objects.count() == 1
