"""Closing: which days, at what time and which class; then why; and which closed days to open again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.care.queries.affected import ClosedSpan
from booking.care.services.closing import LONGEST_DAYS
from cms.core.calendar.times import minutes_of
from cms.core.display.forms import SiteForm
from cms.workbench.forms.clock import ClockField
from directory.districts.class_kinds import kind_label
from directory.register.models.offering import DAY_MINUTES

AHEAD = dt.timedelta(days=366)


class DayField(forms.DateField):
    """A day in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            error_messages={"invalid": gettext_lazy("日期请写成 2026-12-25")},
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            **kwargs,
        )


class ClosingForm(SiteForm):
    """What to close. Without a last day it is one day, without times the whole day."""

    first = DayField(label=gettext_lazy("从哪天起"))
    last = DayField(label=gettext_lazy("到哪天"), required=False, help_text=gettext_lazy("只关一天就不用填"))
    opens = ClockField(label=gettext_lazy("从几点"), required=False, help_text=gettext_lazy("全天关闭就不用选时间"))
    closes = ClockField(label=gettext_lazy("到几点"), required=False)
    class_kind = forms.ChoiceField(label=gettext_lazy("哪些班"), required=False)

    def __init__(self, *args: Any, today: dt.date, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("first", "last"):
            self.fields[name].widget.attrs["min"] = today.isoformat()
        for name in ("opens", "closes"):
            widget: Any = self.fields[name].widget
            widget.choices = [("", _("全天")), *widget.choices]
        choices: Any = self.fields["class_kind"]
        choices.choices = [("", _("全园")), *((kind, kind_label(kind)) for kind in kinds)]

    def clean_first(self) -> dt.date:
        """Within the year to come: a slip of the year closes nothing."""
        day: dt.date = self.cleaned_data["first"]
        if day < self.today:
            raise forms.ValidationError(_("请选今天或以后的日期"))
        if day > self.today + AHEAD:
            raise forms.ValidationError(_("日期太远，请看看年份"))
        return day

    def clean(self) -> dict[str, Any]:
        """Days and times in order, and not too many days at once."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束的日期不能早于开始"))
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _("一次最多关闭 %d 天") % LONGEST_DAYS)
        opens, closes = data.get("opens"), data.get("closes")
        if (opens is None) != (closes is None):
            self.add_error("closes" if opens else "opens", _("请把两个时间都选上；全天关闭就都不选"))
        elif opens and closes and closes <= opens:
            self.add_error("closes", _("结束的时间应晚于开始"))
        return data

    @property
    def span(self) -> ClosedSpan:
        """What was chosen."""
        data = self.cleaned_data
        opens, closes = data["opens"], data["closes"]
        minutes = (minutes_of(opens), minutes_of(closes)) if opens else (0, DAY_MINUTES)
        return ClosedSpan(data["first"], data["last"] or data["first"], data["class_kind"], *minutes)


class ClosingReasonForm(SiteForm):
    """Why; ``seen`` is the mark of the list that the person saw."""

    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=80, help_text=gettext_lazy("家长会看到。不要写宝宝的名字和病情")
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class ReopenForm(forms.Form):
    """Which closed days to open again."""

    days = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, *args: Any, days: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].choices = [(pk, pk) for pk in days]  # type: ignore[attr-defined]  # a ChoiceField
