"""A fee in words, alike on cards, on an institution's page and in the booking flow."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.class_kinds import CareMode


class FeeTerms(Protocol):
    """What a fee is for: the columns of a ``CareProduct``; the fee in fen."""

    mode: str
    block_minutes: int | None
    fee: int


def fee_in_words(product: FeeTerms, *, step_minutes: int) -> str:
    """「80 元/天」「45 元/半天」「9 元/半小时」「30 元/2 小时」: what ``CareProduct.fee`` buys."""
    if product.mode == CareMode.HOURLY:
        return fee_per_minutes(product.fee, step_minutes)
    if product.mode == CareMode.TEMPORARY:
        return fee_per_minutes(product.fee, product.block_minutes or 0)
    return f"{wording.yuan(product.fee)}/{unit_in_words(product.mode)}"


def fee_per_minutes(fee: int, minutes: int) -> str:
    """「18 元/小时」「9 元/半小时」「30 元/2 小时」; the fee in fen."""
    piece = _("小时") if minutes == 60 else wording.duration(minutes)
    return f"{wording.yuan(fee)}/{piece}"


def unit_in_words(mode: str) -> str:
    """「天」「半天」, on a card also 「时」「次」: what the lowest fee of a mode pays for."""
    return {
        CareMode.FULL_DAY: _("天"),
        CareMode.HALF_DAY: _("半天"),
        CareMode.HOURLY: _("时"),
        CareMode.TEMPORARY: _("次"),
        CareMode.HALF_MONTH: _("半月"),
    }[CareMode(mode)]
