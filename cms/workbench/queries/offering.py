"""Classes and products of an institution, as its settings list them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass

from django.db.models import QuerySet

from directory.districts.class_kinds import CLASS_RULES
from directory.register.fees import fee_on
from directory.register.models import CareProduct, ClassGroup, ClosingDay, Institution, ProductFee


def class_groups_of(institution: Institution) -> QuerySet[ClassGroup]:
    """All classes with their hours, the open ones first."""
    return institution.class_groups.prefetch_related("opening_rules").order_by("-active", "pk")


def class_group_of(institution: Institution, public_id: str) -> ClassGroup | None:
    """One class of this institution."""
    return institution.class_groups.prefetch_related("opening_rules").filter(public_id=public_id).first()


@dataclass(frozen=True, slots=True)
class PricedProduct:
    """A product with the fee for all classes that holds today, None before the first begins; then ``coming`` is it."""

    product: CareProduct
    fee: ProductFee | None
    coming: ProductFee | None


def priced_products(institution: Institution, modes: Container[str], *, today: dt.date) -> list[PricedProduct]:
    """The ways to be looked after in these modes, those offered now first; two queries."""
    found = institution.products.order_by("-active", "mode", "part", "starts", "pk").prefetch_related("fees")
    return [_priced(product, today) for product in found if product.mode in modes]


def _priced(product: CareProduct, today: dt.date) -> PricedProduct:
    general = [fee for fee in product.fees.all() if not fee.class_kind]
    coming = [fee for fee in general if fee.from_date > today]
    return PricedProduct(product, fee_on(general, today), min(coming, key=lambda fee: fee.from_date, default=None))


def product_of(institution: Institution, public_id: str) -> CareProduct | None:
    """One product of this institution."""
    return institution.products.filter(public_id=public_id).first()


def fee_of(product: CareProduct, pk: int) -> ProductFee | None:
    """One fee of this product."""
    return product.fees.select_related("product").filter(pk=pk).first()


def closings_on(institution: Institution, day: dt.date) -> list[ClosingDay]:
    """What is closed on one day, the whole institution first."""
    return list(institution.closing_days.filter(date=day).order_by("class_kind", "from_minute", "-to_minute"))


def kinds_run(institution: Institution) -> list[str]:
    """Kinds of the classes that are run, youngest first."""
    run = set(institution.class_groups.filter(active=True).values_list("kind", flat=True))
    return [str(kind) for kind in CLASS_RULES if kind in run]
