"""Acts that parents are told of need a reason in people's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm

OTHER = "other"
DECLINE_REASONS = (
    (_("那个时间段人手不够"), _("那个时间段人手不够")),
    (_("宝宝月龄和班型不合适"), _("宝宝月龄和班型不合适")),
    (_("当天有活动，不接新宝宝"), _("当天有活动，不接新宝宝")),
    (OTHER, _("其他原因（请写在下面）")),
)
CANCEL_REASONS = (
    (_("保育人员临时请假"), _("保育人员临时请假")),
    (_("班级临时停班"), _("班级临时停班")),
    (_("园内设施检修"), _("园内设施检修")),
    (OTHER, _("其他原因（请写在下面）")),
)
CORRECT_REASONS = (
    (_("点错了"), _("点错了")),
    (_("当时忘了点"), _("当时忘了点")),
    (_("和家长核对过时间"), _("和家长核对过时间")),
    (OTHER, _("其他原因（请写在下面）")),
)


class ReasonForm(SiteForm):
    """One of the usual reasons, or one's own words; the family reads it as it stands."""

    words_missing = _("请写下原因，家长会看到")
    reason = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect, choices=DECLINE_REASONS)
    words = forms.CharField(
        label=_("其他原因"), max_length=80, required=False, help_text=_("家长会看到，不要写别的宝宝的情况")
    )

    def __init__(self, *args: Any, reasons: Any = DECLINE_REASONS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        """Own words are needed where no usual reason was chosen."""
        data = super().clean() or {}
        if data.get("reason") == OTHER and not data.get("words"):
            self.add_error("words", self.words_missing)
        return data

    @property
    def chosen(self) -> str:
        """The reason as the family reads it."""
        words: str = self.cleaned_data["words"]
        return words if self.cleaned_data["reason"] == OTHER else str(self.cleaned_data["reason"])
