"""Fees of products, and whether one of them may still be put right."""

from __future__ import annotations

import datetime as dt

from cms.core.calendar.times import local_date
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


def may_change_fee(fee: ProductFee, *, now: dt.datetime) -> bool:
    """Whether it has not begun, or nobody booked with it before the next fee of its class begins."""
    if fee.from_date > local_date(now):
        return True
    charged = ports.fee_charged.get()
    if charged is None:
        return True
    later = ProductFee.objects.filter(product_id=fee.product_id, class_kind=fee.class_kind, from_date__gt=fee.from_date)
    return not charged(
        institution_id=fee.product.institution_id,
        product_id=fee.product_id,
        class_kind=fee.class_kind,
        since=fee.from_date,
        until=later.order_by("from_date").values_list("from_date", flat=True).first(),
    )


def step_minutes_of(institution_id: int) -> int:
    """How many minutes one hourly fee of the institution pays for."""
    answer = ports.step_minutes.get()
    steps = answer([institution_id]) if answer else {}
    return steps.get(institution_id, ports.DEFAULT_STEP_MINUTES)
