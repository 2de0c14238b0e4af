"""A way to be looked after, and the first fee of a new one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.calendar.times import minutes_of
from cms.core.display.forms import SiteForm
from cms.core.display.wording import duration
from cms.workbench.forms.clock import ClockField
from cms.workbench.forms.fees import FeeFields
from directory.districts.class_kinds import CareMode
from directory.register.models import CareProduct

#: Modes that stand over cells and can be booked; 半月托 waits for enrolment.
BOOKABLE = (CareMode.FULL_DAY, CareMode.HALF_DAY, CareMode.HOURLY, CareMode.TEMPORARY)
WINDOWS = {
    CareMode.FULL_DAY: (dt.time(8, 0), dt.time(18, 0)),
    CareMode.HALF_DAY: (dt.time(8, 0), dt.time(12, 0)),
    CareMode.HOURLY: (dt.time(8, 0), dt.time(18, 0)),
    CareMode.TEMPORARY: (dt.time(8, 0), dt.time(18, 0)),
}
NAMES = ("part", "starts", "ends", "block_minutes", "inclusive", "active")
BLOCKS = (
    (60, gettext_lazy("1 小时")),
    (90, gettext_lazy("1.5 小时")),
    (120, gettext_lazy("2 小时")),
    (180, gettext_lazy("3 小时")),
)


class ProductForm(SiteForm):
    """The inputs of one mode; what the mode does not have is left out."""

    part = forms.ChoiceField(label=gettext_lazy("哪个半天"), choices=CareProduct.Part.choices, widget=forms.RadioSelect)
    starts = ClockField(label=gettext_lazy("从"))
    ends = ClockField(label=gettext_lazy("到"))
    block_minutes = forms.TypedChoiceField(
        label=gettext_lazy("每次多长"),
        coerce=int,
        choices=BLOCKS,
    )
    inclusive = forms.BooleanField(label=gettext_lazy("普惠托位"), required=False)
    active = forms.BooleanField(label=gettext_lazy("现在提供"), required=False)

    def __init__(
        self, *args: Any, mode: str, product: CareProduct | None = None, raster: int = 30, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", _initial(product) if product else _proposal(mode))
        super().__init__(*args, **kwargs)
        self.mode, self.raster = mode, raster
        for name in ("starts", "ends"):
            self.fields[name].offer(raster, self.initial[name])  # type: ignore[attr-defined]  # a ClockField
        drop = {"part"} if mode != CareMode.HALF_DAY else set()
        drop |= {"block_minutes"} if mode != CareMode.TEMPORARY else set()
        drop |= set() if product else {"active"}
        for name in drop:
            del self.fields[name]
        if product and mode == CareMode.TEMPORARY:
            self._keep_present(product.block_minutes or 0)

    def _keep_present(self, minutes: int) -> None:
        """A length set elsewhere stays choosable."""
        field: Any = self.fields["block_minutes"]
        if minutes not in dict(field.choices):
            field.choices = sorted([*field.choices, (minutes, duration(minutes))])

    def clean(self) -> dict[str, Any]:
        """From before to, on the raster; blocks fit in."""
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends:
            if ends <= starts:
                self.add_error("ends", _("结束时间应晚于开始时间"))
            elif minutes_of(starts) % self.raster or minutes_of(ends) % self.raster:
                self.add_error("starts", _("时间请取 %d 分钟的整数倍") % self.raster)
            elif data.get("block_minutes", 0) > minutes_of(ends) - minutes_of(starts):
                self.add_error("block_minutes", _("一次比开放的时间还长"))
        return data

    @property
    def values(self) -> dict[str, Any]:
        """For ``save_product``."""
        return {"mode": self.mode, **{name: self.cleaned_data[name] for name in NAMES if name in self.cleaned_data}}


class NewProductForm(FeeFields, ProductForm):
    """A new product with its first fee, which is for all classes."""

    def __init__(self, *args: Any, mode: str, step: int, today: dt.date, raster: int = 30, **kwargs: Any) -> None:
        super().__init__(*args, mode=mode, raster=raster, initial={**_proposal(mode), "from_date": today}, **kwargs)
        self.ask_for_mode(mode, step)


def _initial(product: CareProduct) -> dict[str, Any]:
    return {name: getattr(product, name) for name in NAMES}


def _proposal(mode: str) -> dict[str, Any]:
    starts, ends = WINDOWS[CareMode(mode)]
    return {"starts": starts, "ends": ends, "part": CareProduct.Part.MORNING, "block_minutes": 120}
