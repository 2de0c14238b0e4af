"""Booking rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.places.models import BookingPolicy
from booking.places.models.policy import FURTHEST_DAYS
from cms.core.display.forms import SiteForm
from cms.core.display.wording import duration
from cms.workbench.forms.clock import ClockField

CUTOFFS = (0, 30, 60, 120, 180, 240, 720, 1440)
MINIMUMS = (30, 60, 90, 120, 180, 240)
STEPS = (15, 30, 60)


def _minutes(label: Any, choices: tuple[int, ...], **kwargs: Any) -> forms.TypedChoiceField:
    named = [(value, duration(value) if value else _("开始前都可以")) for value in choices]
    return forms.TypedChoiceField(label=label, coerce=int, choices=named, **kwargs)


class PolicyForm(SiteForm):
    """When parents may book and cancel; shown to them before they book."""

    opens_days_ahead = forms.IntegerField(
        label=_("提前几天开放预约"),
        min_value=1,
        max_value=FURTHEST_DAYS,
        help_text=_("1 到 %d 天") % FURTHEST_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    cutoff_minutes = _minutes(_("最晚提前多久预约"), CUTOFFS)
    temporary_cutoff_minutes = _minutes(_("临时托最晚提前多久"), CUTOFFS)
    minimum_minutes = _minutes(_("计时托至少多久"), MINIMUMS)
    step_minutes = _minutes(_("计时托一档多久"), STEPS, help_text=_("收费按档算；换一档，每小时的收费不变"))
    free_cancel_days_before = forms.TypedChoiceField(
        label=_("免费取消到哪一天"),
        coerce=int,
        choices=((0, _("当天")), (1, _("前一天")), (2, _("提前两天")), (3, _("提前三天"))),
    )
    free_cancel_clock = ClockField(label=_("免费取消到几点"))
    needs_acceptance = forms.BooleanField(
        label=_("每次预约先由我们确认"), required=False, help_text=_("不勾选时，家长提交后马上约好")
    )

    def __init__(self, *args: Any, policy: BookingPolicy, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(policy, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        for name in ("cutoff_minutes", "temporary_cutoff_minutes", "minimum_minutes", "step_minutes"):
            self._keep_present(name, getattr(policy, name))
        clock: Any = self.fields["free_cancel_clock"]
        clock.offer(30, policy.free_cancel_clock)
        self.raster = policy.raster_minutes

    def _keep_present(self, name: str, value: int) -> None:
        """A value set elsewhere stays choosable."""
        field: Any = self.fields[name]
        if value not in dict(field.choices):
            field.choices = sorted([*field.choices, (value, duration(value))])

    def clean(self) -> dict[str, Any]:
        """Minimum and step have to fall on the raster of the cells."""
        data = super().clean() or {}
        for name in ("minimum_minutes", "step_minutes"):
            if data.get(name) and data[name] % self.raster:
                self.add_error(name, _("请取 %d 分钟的整数倍") % self.raster)
        return data
