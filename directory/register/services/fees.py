"""What products cost: a fee is added from a day on, corrected until it was charged, and never rewritten after that."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.times import local_date
from cms.core.display.wording import duration_within, full_date
from cms.core.errors import InvalidInput, Refused
from directory.districts.class_kinds import CareMode
from directory.districts.services.checking import assign, lock_row, save_checked
from directory.districts.services.history import differences, entered, record
from directory.register.fees import SINCE_EVER, fee_words
from directory.register.models import CareProduct, ProductFee
from directory.register.queries.fees import changeable_fees, fees_of, step_minutes_of
from directory.register.services.changes import institution_changed


class FeeBackdated(InvalidInput):
    """A new fee for days that are over: they were charged, or shown, with another."""

    code = "fee_backdated"
    message = _("过去的日子不能再改收费，请选今天或以后的一天。")


class FeeForAllFirst(InvalidInput):
    """A fee of one class from a day on which the product has none for all classes."""

    code = "fee_for_all_first"
    message = _("先要有各班通用的收费，单独一个班的收费不能比它更早开始。")


class FeeCharged(Refused):
    """Families have booked with the fee, for days past or to come."""

    code = "fee_charged"
    message = _("已经有家庭按这个收费约了，不能再改。要调价，请加一条从以后某天起的收费。")


class FeeForAnotherStep(Refused):
    """The fee was counted for a step of hourly care that has changed since."""

    code = "fee_step_changed"
    message = _("计时托的一档刚刚改了，请核对收费后再保存。")


class FeeNotWhole(InvalidInput):
    """An hourly fee that can't be divided into whole fen for the new step."""

    code = "fee_not_whole"
    message = _("计时托有一项收费按这一档分不到整分，请选别的一档。")


@transaction.atomic
def save_fee(
    *,
    product: CareProduct,
    values: dict[str, Any],
    now: dt.datetime,
    fee: ProductFee | None = None,
    step: int | None = None,
    actor: AbstractBaseUser | None = None,
) -> ProductFee:
    """Add a fee from a day on, or correct the given one (``values``: class_kind, from_date, fee, monthly and meal fee).

    ``step``: the minutes that an hourly fee was counted for, where the caller read them. Only a product's first fee may
    begin in the past. Bookings keep the amount they were made with. Raises ``FeeForAnotherStep``, ``FeeBackdated``,
    ``FeeForAllFirst``, ``FeeCharged``, ``InvalidInput``.
    """
    product = lock_row(product)
    if step is not None and product.mode == CareMode.HOURLY and step != step_minutes_of(product.institution_id):
        raise FeeForAnotherStep
    row = ProductFee(product=product) if fee is None else _unlocked_fee(product, fee)
    changes = differences(row, values) if row.pk else entered(values)
    moved = row.pk is None or values.get("from_date", row.from_date) != row.from_date
    assign(row, values)
    if moved and row.from_date < local_date(now) and product.fees.exclude(pk=row.pk).exists():
        raise FeeBackdated(fields={"from_date": str(FeeBackdated.message)})
    row.confirmed_at = now
    save_checked(row)
    _after_change(product, row, changes, now=now, actor=actor)
    return row


@transaction.atomic
def remove_fee(*, fee: ProductFee, now: dt.datetime, actor: AbstractBaseUser | None = None) -> None:
    """Take back a fee that was never charged. Raises ``FeeCharged``, ``FeeForAllFirst``."""
    product = lock_row(fee.product)
    row = _unlocked_fee(product, fee)
    changes = {"fee": [str(row.fee), ""]}
    row.delete()
    _after_change(product, row, changes, now=now, actor=actor)


@transaction.atomic
def carry_hourly_fees(*, institution_id: int, step_before: int, step: int) -> None:
    """Count the hourly fees of an institution, past ones too, for another step (minutes): an hour costs what it did.

    Called by whoever changes the step, in the same transaction; bookings keep their amounts. Raises ``FeeNotWhole``.
    """
    hourly = CareProduct.objects.filter(institution_id=institution_id, mode=CareMode.HOURLY)
    locked = list(hourly.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    fees = list(ProductFee.objects.filter(product_id__in=locked).order_by("pk"))
    for fee in fees:
        carried, rest = divmod(fee.fee * step, step_before)
        if rest:
            words = fee_words(CareMode.HOURLY, fee.fee, step_minutes=step_before)
            problem = _("%(fee)s按%(step)s一档分不到整分，请选别的一档。")
            sentence = problem % {"fee": words, "step": duration_within(step)}
            raise FeeNotWhole(sentence, fields={"step_minutes": sentence})
        fee.fee = carried
    ProductFee.objects.bulk_update(fees, ["fee"])


def _unlocked_fee(product: CareProduct, fee: ProductFee) -> ProductFee:
    """The row as it now is, if it may still be changed; its product is locked."""
    row = product.fees.get(pk=fee.pk)
    if not changeable_fees(product, [row], fees_of(product)):
        raise FeeCharged
    return row


def _since(row: ProductFee) -> str:
    """「2026年12月1日起」, "" where nobody noted the day."""
    return "" if row.from_date == SINCE_EVER else _("%(day)s起") % {"day": full_date(row.from_date)}


def _priced(product: CareProduct, fees: list[str]) -> list[str]:
    """Amounts for the history, as they are shown everywhere: an hourly fee for the hour, not for the step."""
    step = step_minutes_of(product.institution_id)
    return [fee_words(product.mode, int(fee), step_minutes=step) if fee else "" for fee in fees]


def _after_change(
    product: CareProduct,
    row: ProductFee,
    changes: dict[str, list[str]],
    *,
    now: dt.datetime,
    actor: AbstractBaseUser | None,
) -> None:
    """Every day on which a class has its own fee has one for all, on which the product's offer rests."""
    first = product.fees.order_by("from_date", "class_kind").first()
    if first is None or first.class_kind:
        raise FeeForAllFirst(fields={"class_kind": str(FeeForAllFirst.message)})
    words = " ".join(part for part in (str(product), row.get_class_kind_display(), _since(row)) if part)
    if "fee" in changes:
        changes = changes | {"fee": _priced(product, changes["fee"])}
    of = row._meta.model_name
    record(instance=product.institution, action="directory.offering", actor=actor, of=of, row=words, changes=changes)
    institution_changed(institution_id=product.institution_id, now=now)
