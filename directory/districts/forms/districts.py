"""Forms of the admin for districts: centre, townships, calendar and posts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.models import CalendarDay
from directory.districts.enums import OFFICE_CHOICES
from directory.districts.forms.positions import PositionForm
from directory.districts.forms.staff import RefusalMixin, StaffForm, chooser
from directory.districts.models import District, Township
from directory.districts.queries.people import districts_of


class DistrictForm(PositionForm, StaffForm):
    """Where a district lies."""

    latitude_name = "centre_latitude"
    longitude_name = "centre_longitude"

    class Meta(WagtailAdminModelForm.Meta):
        model = District
        fields: ClassVar = ["radius_km"]


class TownshipForm(PositionForm, StaffForm):
    """Where a township's centre is; unticked = the mean of its institutions."""

    latitude_name = "centre_latitude"
    longitude_name = "centre_longitude"

    class Meta(WagtailAdminModelForm.Meta):
        model = Township
        fields: ClassVar = ["name", "kind", "centre_is_manual"]
        help_texts: ClassVar = {"centre_is_manual": _("不勾选时，中心按本街道机构的平均位置计算")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        held = cleaned.get(self.latitude_name, self.instance.centre_latitude)
        if cleaned.get("centre_is_manual") and held is None and "map_position" not in self.errors:
            self.add_error("map_position", _("人工填写时请把位置填上。"))
        return cleaned


class CalendarDayForm(StaffForm):
    """A holiday or a make-up working day."""

    class Meta(WagtailAdminModelForm.Meta):
        model = CalendarDay
        fields: ClassVar = ["date", "kind", "name", "source"]


class DistrictStaffForm(RefusalMixin, forms.Form):
    """Who works in which office; an unknown username gets an account."""

    district = forms.ModelChoiceField(label=_("区"), queryset=District.objects.none(), empty_label=None)
    department = forms.ChoiceField(label=_("部门"), choices=OFFICE_CHOICES)
    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        help_text=_("例如 jianxi-wang。没有这个账号时会新建，并给出一个一次性链接，由本人设密码和第二步验证"),
    )

    def __init__(self, *args: Any, for_user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "district").queryset = districts_of(for_user)
