"""Classes and their caregivers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.display.forms import SiteForm
from directory.districts.class_kinds import CLASS_RULES, ClassKind


def kind_choices() -> list[tuple[str, str]]:
    """「托小班（12–24 个月，最多 15 人，每 5 名宝宝 1 名保育人员）」"""
    return [
        (
            kind.value,
            _("%(kind)s（%(start)d–%(end)d 个月，最多 %(limit)d 人，每 %(ratio)d 名宝宝至少 1 名保育人员）")
            % {
                "kind": kind.label,
                "start": CLASS_RULES[kind].from_month,
                "end": CLASS_RULES[kind].to_month,
                "limit": CLASS_RULES[kind].limit,
                "ratio": CLASS_RULES[kind].ratio,
            },
        )
        for kind in ClassKind
    ]


class ClassGroupForm(SiteForm):
    """One class."""

    kind = forms.ChoiceField(label=gettext_lazy("班型"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("班名"), max_length=20, help_text=gettext_lazy("例如 小星星班"))
    places = forms.IntegerField(label=gettext_lazy("托位"), min_value=1, max_value=20)
    caregivers = forms.IntegerField(
        label=gettext_lazy("当班保育人员"),
        min_value=0,
        max_value=20,
        help_text=gettext_lazy("平时同时在岗的人数。能收几名宝宝按托位和在岗人数取小的算"),
    )
    active = forms.BooleanField(label=gettext_lazy("这个班正在开"), required=False)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]  # a ChoiceField
        for name in ("places", "caregivers"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        if is_new:
            del self.fields["active"]

    def clean(self) -> dict[str, Any]:
        """Places over the national standard are told at the field, with the number."""
        data = super().clean() or {}
        rule = CLASS_RULES.get(data.get("kind", ""))
        if rule and data.get("places") and data["places"] > rule.limit:
            words = _("%(kind)s最多 %(limit)d 个托位") % {"kind": ClassKind(data["kind"]).label, "limit": rule.limit}
            self.add_error("places", words)
        return data
