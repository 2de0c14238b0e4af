"""Money as people type it: yuan; kept as fen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MAX_YUAN = 100_000


class YuanField(forms.DecimalField):
    """「54」 or 「54.50」 yuan; the cleaned value is fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        words = {
            "invalid": _("金额请填数字，例如 54 或 54.50"),
            "max_decimal_places": _("金额最多到分，例如 54.50"),
            "min_value": _("金额不能小于 0"),
            "max_value": _("金额太大，请看看是不是多打了零"),
        }
        super().__init__(
            min_value=0, max_value=MAX_YUAN, decimal_places=2, max_digits=9, error_messages=words, **kwargs
        )

    def to_python(self, value: Any) -> Any:
        """Without blanks and 元."""
        if isinstance(value, str):
            value = value.strip().removesuffix("元").replace(",", "").replace("，", "").strip()
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        """Fen, or None for nothing."""
        amount: Decimal | None = super().clean(value)
        return None if amount is None else int((amount * 100).to_integral_value())


def yuan_text(fen: int | None) -> str:
    """What stands in the input for an amount in fen."""
    if fen is None:
        return ""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
