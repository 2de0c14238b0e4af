"""The form that reads the yearly notice on holidays."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.calendar.notice import HolidayNotice, read_notice
from directory.districts.forms.staff import RefusalMixin

FIRST_YEAR, LAST_YEAR = 2020, 2100


class NoticeForm(RefusalMixin, forms.Form):
    """``confirmed`` names the days that the person has been shown: others are shown before they are saved."""

    year = forms.IntegerField(label=_("哪一年"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    source = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("例如：国务院办公厅关于2027年部分节假日安排的通知")
    )
    text = forms.CharField(
        label=_("通知原文或表格"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "把通知里的各条粘贴进来，表格也行；也可以自己一行写一个节日，例如："
            "国庆节：10月1日至7日放假，共7天。9月20日、10月10日上班。"
        ),
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    notice: HolidayNotice | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("year") and cleaned.get("text"):
            self.notice = read_notice(cleaned["text"], cleaned["year"])
            for fault in self.notice.faults:
                self.add_error("text", fault)
        return cleaned

    @property
    def digest(self) -> str:
        """Names the days and their source."""
        days = self.notice.days if self.notice else []
        said = [(day.date.isoformat(), day.kind, day.name) for day in days]
        return hashlib.sha256(repr([self.cleaned_data["source"], said]).encode()).hexdigest()
