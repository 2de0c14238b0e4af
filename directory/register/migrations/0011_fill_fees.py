"""The fee of each product becomes its first row.

A day that was noted is kept, one to come as well: the fee is asked from then on. Where none was noted the fee holds
since ever (``directory.register.fees.SINCE_EVER``).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import migrations

SINCE_EVER = dt.date(2000, 1, 1)
BATCH = 1000


def fill_fees(apps: Any, schema_editor: Any) -> None:
    products = apps.get_model("directory", "CareProduct").objects.order_by("pk")
    last = 0
    while batch := list(products.filter(pk__gt=last)[:BATCH]):
        fill_batch(apps.get_model("directory", "ProductFee"), batch)
        last = batch[-1].pk


def fill_batch(product_fee: Any, products: list[Any]) -> None:
    product_fee.objects.bulk_create(
        product_fee(
            product_id=product.pk,
            from_date=product.fee_from_date or SINCE_EVER,
            fee=product.fee,
            monthly_fee=product.monthly_fee,
            meal_fee=product.meal_fee,
        )
        for product in products
    )


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_product_fee"),
    ]

    operations = [migrations.RunPython(fill_fees, migrations.RunPython.noop)]
