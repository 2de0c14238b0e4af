"""Closing a day: which day, then why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.display.forms import SiteForm


class ClosingDateForm(SiteForm):
    """The day to close; today or later."""

    date = forms.DateField(
        label=gettext_lazy("哪一天"),
        error_messages={"invalid": gettext_lazy("日期请写成 2026-12-25")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["date"].widget.attrs["min"] = today.isoformat()

    def clean_date(self) -> dt.date:
        """Within the year to come: a slip of the year closes nothing."""
        day: dt.date = self.cleaned_data["date"]
        if day < self.today:
            raise forms.ValidationError(_("请选今天或以后的日期"))
        if day > self.today + dt.timedelta(days=366):
            raise forms.ValidationError(_("日期太远，请看看年份"))
        return day


class ClosingReasonForm(SiteForm):
    """Why; ``seen`` is how many bookings the person saw listed."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=80, help_text=gettext_lazy("家长会看到。不要写宝宝的名字和病情")
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
