"""Rows of plain SQL come back as the models they are."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import FieldDoesNotExist

from cms.core.models import OutboxMessage
from cms.core.plain_rows import Columns

pytestmark = pytest.mark.django_db
MOMENT = dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC)


def make() -> OutboxMessage:
    return OutboxMessage.objects.create(
        topic="t", key="k", payload={"a": 1}, created_at=MOMENT, available_at=MOMENT, attempts=3
    )


def test_all_columns_with_their_converters() -> None:
    made = make()

    [found] = Columns(OutboxMessage, "o").select("WHERE o.topic = %s", ["t"])

    assert (found.pk, found.payload, found.created_at, found.done_at) == (made.pk, {"a": 1}, MOMENT, None)


def test_chosen_columns_in_any_order_keep_their_values(django_assert_num_queries) -> None:
    made = make()

    with django_assert_num_queries(1):
        [found] = Columns(OutboxMessage, "o", "attempts", "key", "id", "topic").select("", [])
        assert (found.pk, found.topic, found.key, found.attempts) == (made.pk, "t", "k", 3)
    with django_assert_num_queries(1):
        assert found.payload == {"a": 1}


def test_a_misspelt_column_is_told_at_once() -> None:
    with pytest.raises(FieldDoesNotExist):
        Columns(OutboxMessage, "o", "id", "topik")


def test_nothing_found_by_an_outer_join_is_none() -> None:
    assert Columns(OutboxMessage, "o", "id", "topic").make([None, None]) is None
