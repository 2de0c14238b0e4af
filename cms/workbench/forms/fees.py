"""What a product costs from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.display.forms import SiteForm
from cms.core.display.wording import duration_within
from cms.workbench.forms.money import YuanField, yuan_text
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.fees import HOUR, SINCE_EVER, unit_fee
from directory.register.models import ProductFee

FEE_LABELS = {
    CareMode.FULL_DAY: gettext_lazy("每天收费（元）"),
    CareMode.HALF_DAY: gettext_lazy("每个半天收费（元）"),
    CareMode.HOURLY: gettext_lazy("每小时收费（元）"),
    CareMode.TEMPORARY: gettext_lazy("每次收费（元）"),
}
FEE_FIELDS = ("fee", "monthly_fee", "meal_fee", "from_date")


class FeeFields(SiteForm):
    """The amounts and their first day; an hourly fee is typed for an hour and stored for a step."""

    fee = YuanField(label=gettext_lazy("收费（元）"))
    monthly_fee = YuanField(
        label=gettext_lazy("月费（元）"), required=False, help_text=gettext_lazy("只展示，不在网上收")
    )
    meal_fee = YuanField(label=gettext_lazy("餐费（元/天）"), required=False)
    from_date = forms.DateField(
        label=gettext_lazy("从哪天起"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("没认出日期，例如 2026-12-01")},
    )
    mode: str
    step: int

    def ask_for_mode(self, mode: str, step: int) -> None:
        """Words of the mode; what it does not have is left out."""
        self.mode, self.step = mode, step
        self.fields["fee"].label = FEE_LABELS[CareMode(mode)]
        if mode == CareMode.HOURLY and step != HOUR:
            self.fields["fee"].help_text = _("按%s收，不足的也算") % duration_within(step)
        if mode in (CareMode.HOURLY, CareMode.TEMPORARY):
            del self.fields["monthly_fee"]

    def clean_fee(self) -> int:
        """For a step, in whole fen."""
        fee: int = self.cleaned_data["fee"]
        if self.mode != CareMode.HOURLY:
            return fee
        for_step, rest = divmod(fee * self.step, HOUR)
        if rest:
            words = _("这个数按%s分不到整分，请换一个，例如 18 元")
            raise ValidationError(words % duration_within(self.step))
        return for_step

    @property
    def fee_values(self) -> dict[str, Any]:
        """For ``save_fee``."""
        return {name: self.cleaned_data.get(name) for name in FEE_FIELDS}


class FeeForm(FeeFields):
    """A fee of a product that is there already: for all classes or for one of those that are run."""

    class_kind = forms.ChoiceField(label=gettext_lazy("哪个班"), required=False)
    field_order = ("class_kind",)

    def __init__(
        self,
        *args: Any,
        mode: str,
        step: int,
        kinds: Collection[str],
        today: dt.date,
        fee: ProductFee | None = None,
        **kwargs: Any,
    ) -> None:
        initial = _initial(fee, step) if fee else {"from_date": today + dt.timedelta(days=1)}
        super().__init__(*args, initial=initial, **kwargs)
        self.ask_for_mode(mode, step)
        choices = [(kind.value, kind.label) for kind in ClassKind if kind in kinds]
        self.fields["class_kind"].choices = [("", _("各班一样")), *choices]  # type: ignore[attr-defined]
        if not choices:
            del self.fields["class_kind"]
        self._since_ever = fee is not None and fee.from_date == SINCE_EVER
        if self._since_ever:
            self.fields["from_date"].required = False

    def clean_from_date(self) -> dt.date | None:
        """Left empty a day that nobody noted stays so."""
        day: dt.date | None = self.cleaned_data["from_date"]
        return SINCE_EVER if day is None and self._since_ever else day

    @property
    def fee_values(self) -> dict[str, Any]:
        """For ``save_fee``."""
        return {**super().fee_values, "class_kind": self.cleaned_data.get("class_kind", "")}


def _initial(fee: ProductFee, step: int) -> dict[str, Any]:
    amount = unit_fee(fee.product.mode, fee.fee, step_minutes=step)
    return {
        "class_kind": fee.class_kind,
        "fee": yuan_text(amount),
        "monthly_fee": yuan_text(fee.monthly_fee),
        "meal_fee": yuan_text(fee.meal_fee),
        "from_date": None if fee.from_date == SINCE_EVER else fee.from_date,
    }
