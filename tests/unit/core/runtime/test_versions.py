"""Versions rise in the shared place, and only when a change is really there."""

from __future__ import annotations

import time

import pytest
from django.db import transaction

from cms.core.runtime import versions


@pytest.mark.django_db(transaction=True)
def test_bump_raises_the_version_after_commit() -> None:
    versions.bump("public")
    first = versions.current("public")

    with transaction.atomic():
        versions.bump("public")
        inside = versions.current("public")

    assert (inside, versions.current("public")) == (first, first + 1)


@pytest.mark.django_db(transaction=True)
def test_bump_rolled_back_changes_nothing() -> None:
    before = versions.current("public")

    with transaction.atomic():
        versions.bump("public")
        transaction.set_rollback(True)
    versions.forget_seen()

    assert versions.current("public") == before


@pytest.mark.django_db(transaction=True)
def test_bump_in_service_mode_counts_in_the_cache(settings) -> None:
    settings.SHARED_STATE = "cache"
    before = versions.current("public")

    versions.bump("public")

    assert versions.current("public") == before + 1


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "queries"), [(0.0, 1), (0.99, 1), (1.0, 2), (1.01, 2)])
def test_current_asks_the_database_once_a_second(
    seconds: float, queries: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    with django_assert_num_queries(queries):
        versions.current("public")
        monkeypatch.setattr(versions, "clock", lambda: seconds)
        versions.current("public")


@pytest.mark.django_db
def test_current_asks_for_each_name(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        versions.current("public")
        versions.current("other")


@pytest.mark.django_db
def test_no_test_asks_again_because_the_machine_is_slow(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        versions.current("public")
        time.sleep(1.01)
        versions.current("public")


@pytest.mark.django_db(transaction=True)
def test_bump_many_times_in_one_transaction_is_one_rise() -> None:
    versions.bump("public")
    before = versions.current("public")

    with transaction.atomic():
        for _ in range(3):
            versions.bump("public")

    assert versions.current("public") == before + 1


@pytest.mark.django_db(transaction=True)
def test_bump_outlives_one_that_was_undone() -> None:
    versions.bump("public")
    before = versions.current("public")

    with transaction.atomic():
        with transaction.atomic():
            versions.bump("public")
            versions.bump("other")
            transaction.set_rollback(True)
        versions.bump("public")

    assert versions.current("public") == before + 1


@pytest.mark.django_db(transaction=True)
def test_bump_of_another_name_counts_for_itself() -> None:
    for name in ("public", "other"):
        versions.bump(name)
    before = versions.current("public"), versions.current("other")

    with transaction.atomic():
        versions.bump("public")
        versions.bump("other")
        versions.bump("public")

    assert (versions.current("public"), versions.current("other")) == (before[0] + 1, before[1] + 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared_state", ["database", "cache"])
def test_bump_is_seen_at_once_in_its_own_process(shared_state: str, settings) -> None:
    settings.SHARED_STATE = shared_state
    first = versions.current("public")

    versions.bump("public")
    second = versions.current("public")
    versions.bump("public")

    # The first rise of a name that nobody has counted yet makes its counter.
    assert (second - first, versions.current("public") - second) == (1, 1)


@pytest.mark.django_db
def test_version_that_cannot_be_read_is_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def get_or_set(self, *args: object, **kwargs: object) -> object:
            raise OSError("down")

    monkeypatch.setattr(versions, "cache", Broken())
    monkeypatch.setattr(versions.settings, "SHARED_STATE", "cache")

    assert versions.current("public") == 0


@pytest.mark.django_db(transaction=True)
def test_bump_inside_a_savepoint_that_holds_is_one_with_the_outer() -> None:
    versions.bump("public")
    before = versions.current("public")

    with transaction.atomic():
        versions.bump("public")
        with transaction.atomic():
            versions.bump("public")

    assert versions.current("public") == before + 1


@pytest.mark.django_db
@pytest.mark.parametrize(("shared_state", "first"), [("database", 0), ("cache", 1)])
def test_version_nobody_has_raised(shared_state: str, first: int, settings) -> None:
    settings.SHARED_STATE = shared_state

    assert versions.current("fresh") == first
