"""Fees of products, and which of them may still be put right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from directory.register import ports
from directory.register.fees import fee_on
from directory.register.models import CareProduct, ClassGroup, ProductFee


def fees_of(product: CareProduct) -> list[ProductFee]:
    """All fees of a product, the latest first."""
    return list(product.fees.order_by("-from_date", "class_kind"))


def current_fees(fees: list[ProductFee], today: dt.date) -> list[ProductFee]:
    """Of a product's fees those that hold today, for all classes or one."""
    kinds = sorted({fee.class_kind for fee in fees})
    return list(dict.fromkeys(fee for kind in kinds if (fee := fee_on(fees, today, kind))))


def kinds_with_fees(product: CareProduct) -> set[str]:
    """The class kinds that may have a fee of their own: those that are run, and those that have one."""
    run = ClassGroup.objects.filter(institution_id=product.institution_id, active=True).values_list("kind", flat=True)
    return {*run, *product.fees.exclude(class_kind="").values_list("class_kind", flat=True)}


def changeable_fees(product: CareProduct, asked: Iterable[ProductFee], fees: Sequence[ProductFee]) -> list[ProductFee]:
    """Those of the asked fees with which nobody booked, for days past or to come; ``fees`` are all of the product."""
    rows, charged = list(asked), ports.fee_charged.get()
    if charged is None or not rows:
        return rows
    days = [ports.FeeDays(fee.class_kind, fee.from_date, _until(fee, fees)) for fee in rows]
    answers = charged(institution_id=product.institution_id, product_id=product.pk, fees=days)
    return [fee for fee, is_charged in zip(rows, answers, strict=True) if not is_charged]


def _until(fee: ProductFee, fees: Iterable[ProductFee]) -> dt.date | None:
    """The day on which the next fee of its class begins."""
    later = (each.from_date for each in fees if each.class_kind == fee.class_kind and each.from_date > fee.from_date)
    return min(later, default=None)


def step_minutes_of(institution_id: int) -> int:
    """How many minutes one hourly fee of the institution pays for."""
    answer = ports.step_minutes.get()
    steps = answer([institution_id]) if answer else {}
    return steps.get(institution_id, ports.DEFAULT_STEP_MINUTES)
