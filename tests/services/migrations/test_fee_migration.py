"""A database with the fee in the product gets a row for each, and is indexed again."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cms.core.models import OutboxMessage
from directory.register import fees
from directory.register.models import ProductFee
from tests.factories.directory import MADE_AT, InstitutionFactory

fill = import_module("directory.register.migrations.0011_fill_fees")
again = import_module("directory.register.migrations.0013_index_again")
pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = [("directory", "0010_product_fee")], [("directory", "0013_index_again")]
SEPTEMBER, NEW_YEAR = dt.date(2026, 9, 1), dt.date(2027, 1, 1)


def test_fees_are_carried_over_and_the_index_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One history, since going back takes seconds: three products in two batches."""
    monkeypatch.setattr(fill, "BATCH", 2)
    house = InstitutionFactory(public=True)
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    old.get_model("directory", "SearchEntry").objects.create(
        institution_id=house.pk, slot=0, terms="", document={}, name_key="", indexed_at=MADE_AT
    )

    def make(ends: int, fee: int, **more: Any) -> None:
        old.get_model("directory", "CareProduct").objects.create(
            institution_id=house.pk, mode="full_day", starts=dt.time(8), ends=dt.time(ends), fee=fee,
            public_id=f"p{ends}", **more,
        )  # fmt: skip

    make(16, 5400)
    make(17, 6000, fee_from_date=SEPTEMBER, monthly_fee=90000, meal_fee=1500)
    make(18, 7000, fee_from_date=NEW_YEAR)
    executor.loader.build_graph()
    executor.migrate(AFTER)

    rows = ProductFee.objects.order_by("product__ends")
    assert list(
        rows.values_list("product__ends", "class_kind", "from_date", "fee", "monthly_fee", "meal_fee", "confirmed_at")
    ) == [
        (dt.time(16), "", fees.SINCE_EVER, 5400, None, None, None),
        (dt.time(17), "", SEPTEMBER, 6000, 90000, 1500, None),
        (dt.time(18), "", NEW_YEAR, 7000, None, None, None),
    ]
    [message] = OutboxMessage.objects.filter(topic="search.rebuild")
    assert (message.payload, message.done_at) == ({}, None)


@pytest.mark.django_db
def test_empty_index_is_not_made_again() -> None:
    from django.apps import apps  # noqa: PLC0415  # the registry as it is

    again.ask_for_rebuild(apps, None)

    assert not OutboxMessage.objects.filter(topic="search.rebuild").exists()
    assert fill.SINCE_EVER == fees.SINCE_EVER
