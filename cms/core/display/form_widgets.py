"""Inputs that Django does not have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _


class DateParts(forms.Widget):
    """A date a person knows by heart (a birthday) as three short inputs: year, month, day.

    Gives the form field one string `2025-6-3`, so it works with a plain ``DateField``; invalid input is shown again as
    typed.
    """

    template_name = "components/date_parts.html"
    use_fieldset = True
    PARTS = (("year", "年", 4), ("month", "月", 2), ("day", "日", 2))

    def id_for_label(self, id_: str | None, index: str = "0") -> str:
        """A legend names the three inputs, so the label itself points to the first."""
        return f"{id_}_year" if id_ else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The three inputs with their values."""
        context = super().get_context(name, value, attrs)
        values = _split(value)
        autocomplete = self.attrs.get("autocomplete", "")
        identity = (attrs or {}).get("id") or f"id_{name}"
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{identity}_{part}",
                "label": _(label),
                "value": values[position],
                "length": length,
                "autocomplete": f"bday-{part}" if autocomplete == "bday" else "off",
            }
            for position, (part, label, length) in enumerate(self.PARTS)
        ]
        context["widget"]["invalid"] = bool((attrs or {}).get("aria-invalid"))
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """The typed parts joined, or None where nothing was typed."""
        if name in data:
            return str(data[name])
        typed = [str(data.get(f"{name}_{part}", "")).strip() for part, _label, _length in self.PARTS]
        return "-".join(typed) if any(typed) else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether none of the parts was sent."""
        return name not in data and not any(f"{name}_{part}" in data for part, _label, _length in self.PARTS)


def _split(value: Any) -> list[str]:
    if isinstance(value, dt.date):
        return [str(value.year), str(value.month), str(value.day)]
    parts = str(value or "").split("-")
    return [*parts, "", "", ""][:3]
