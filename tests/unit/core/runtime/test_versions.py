"""Versions rise in the shared place, and only when a change is really there."""

from __future__ import annotations

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
def test_current_asks_the_database_once_a_second(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        versions.current("public")
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
