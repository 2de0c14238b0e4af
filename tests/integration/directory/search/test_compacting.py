"""Space given back, on the database that the tests run on."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import connection

from cms.core.runtime.kernel_ports import Job, jobs
from directory.search import compacting
from directory.search.models import SearchPosting

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db(transaction=True)


def noise(number: int) -> bytes:
    """Bytes that can't be compressed, always the same."""
    return hashlib.shake_256(str(number).encode()).digest(64_000)


def blow_up() -> None:
    """Postings of some six megabytes, nearly all of them gone again."""
    SearchPosting.objects.bulk_create(SearchPosting(term=f"t:{n}", part=0, data=noise(n)) for n in range(100))
    SearchPosting.objects.exclude(term="t:7").delete()


def test_a_blown_up_database_gives_space_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", 1)
    monkeypatch.setattr(compacting, "BLOWN_UP", 1)
    if connection.vendor == "sqlite":
        # Half of the file must be free: the tests' own tables are larger than what was blown up.
        monkeypatch.setattr(compacting, "MOSTLY", 1000)
    blow_up()

    first, second = compacting.compact(NOW), compacting.compact(NOW)

    assert first > 1_000_000
    assert second == 0
    assert [bytes(row.data) for row in SearchPosting.objects.all()] == [noise(7)]


@pytest.mark.parametrize("worth", [compacting.WORTH_IT, 10**12])
def test_a_small_or_full_one_is_left_as_it_is(worth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "WORTH_IT", worth)
    blow_up()

    assert compacting.compact(NOW) == 0


def test_the_job_runs_at_night() -> None:
    assert jobs.get("search.compact") == Job(compacting.compact, at=dt.time(3, 40))
