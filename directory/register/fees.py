"""Which fee holds on a day, and fees in words: one family of units, alike wherever a fee is shown.

Amounts are fen. An hourly fee is stored for a step of the institution's rules and always shown for an hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from typing import NamedTuple, Protocol, TypeVar

from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.class_kinds import CareMode

#: The first day of a fee of which nobody noted since when it is asked.
SINCE_EVER = dt.date(2000, 1, 1)
HOUR = 60
#: Who asks for a few hours pays by the hour or block; a fixed window is the next best.
PRICE_ORDER = ("hourly", "temporary", "half_day", "full_day", "half_month")


class DatedFee(Protocol):
    """What decides whether a fee holds: the columns of a ``ProductFee``; ``class_kind`` is "" for all classes."""

    @property
    def class_kind(self) -> str: ...

    @property
    def from_date(self) -> dt.date: ...


class FeeRow(NamedTuple):
    """A fee as plain data."""

    class_kind: str
    from_date: dt.date
    fee: int


F = TypeVar("F", bound=DatedFee)


def fee_on(fees: Iterable[F], day: dt.date, class_kind: str = "") -> F | None:
    """Of the fees of one product the one that holds on a day for a class: its own before that for all.

    None before the first day of the general fee: until then the product is not offered.
    """
    begun = [fee for fee in fees if fee.from_date <= day]
    general = _latest(fee for fee in begun if not fee.class_kind)
    if general is None:
        return None
    return _latest(fee for fee in begun if fee.class_kind and fee.class_kind == class_kind) or general


def fees_paid(fees: Iterable[F], day: dt.date, class_kinds: Iterable[str]) -> list[F]:
    """Of the fees of one product those that families pay on a day, in the order of the class kinds that are run.

    Each class has its own fee, else the one for all; where no class is known that one alone. Nobody pays the fee of a
    class that is not run, nor the one for all where each class has its own.
    """
    rows = list(fees)
    found = [fee for kind in list(class_kinds) or [""] if (fee := fee_on(rows, day, kind))]
    return list({fee.class_kind: fee for fee in found}.values())


def _latest(fees: Iterable[F]) -> F | None:
    return max(fees, key=lambda fee: fee.from_date, default=None)


def unit_fee(mode: str, fee: int, *, step_minutes: int) -> int:
    """The fee for the unit that is shown: an hour of hourly care, else as it is stored."""
    return fee * HOUR // step_minutes if mode == CareMode.HOURLY else fee


def fee_words(mode: str, fee: int, *, step_minutes: int) -> str:
    """「80 元/天」「45 元/半天」「18 元/小时」「30 元/次」: a stored fee."""
    return unit_fee_words(mode, unit_fee(mode, fee, step_minutes=step_minutes))


def shown_mode(modes: Container[str], asked: str = "") -> str:
    """Of the modes that have a price the one whose price stands for the institution, "" where none does.

    The mode that is asked for alone, else the one that fits a few hours best.
    """
    if asked:
        return asked if asked in modes else ""
    return next((mode for mode in PRICE_ORDER if mode in modes), "")


def unit_fee_words(mode: str, fee: int) -> str:
    """The same for a fee that is for the shown unit already, as on the cards of the list."""
    return f"{wording.yuan(fee)}/{_unit(mode)}"


def month_words(fee: int) -> str:
    """「1,600 元/月」"""
    return _("%(fee)s/月") % {"fee": wording.yuan(fee)}


def meal_words(fee: int | None) -> str:
    """「餐费另计 15 元/天」; "" where no meals are charged for."""
    return _("餐费另计 %(fee)s/天") % {"fee": wording.yuan(fee)} if fee else ""


def rounding_words(mode: str, *, step_minutes: int) -> str:
    """「按半小时计」: what is paid for at once, where that is not the hour that is shown; else ""."""
    if mode != CareMode.HOURLY or step_minutes == HOUR:
        return ""
    return _("按%(step)s计") % {"step": wording.duration_within(step_minutes)}


def _unit(mode: str) -> str:
    return {
        CareMode.FULL_DAY: _("天"),
        CareMode.HALF_DAY: _("半天"),
        CareMode.HOURLY: _("小时"),
        CareMode.TEMPORARY: _("次"),
        CareMode.HALF_MONTH: _("半月"),
    }[CareMode(mode)]
