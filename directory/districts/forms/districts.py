"""Forms of the admin for districts: plan, figures, townships, calendar and posts."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.models import CalendarDay
from directory.districts.class_kinds import CareMode
from directory.districts.forms.staff import RefusalMixin, StaffForm, chooser
from directory.districts.models import District, DistrictFact, DistrictStaff, Township
from directory.districts.queries.people import districts_of


class DistrictForm(StaffForm):
    """What is known of a district's plan, and where it lies."""

    care_modes = forms.MultipleChoiceField(
        label=_("方案写明的托育方式"),
        choices=CareMode.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = District
        fields: ClassVar = [
            "plan_state",
            "plan_title",
            "care_modes",
            "has_vouchers",
            "centre_latitude",
            "centre_longitude",
            "radius_km",
        ]


class DistrictFactForm(StaffForm):
    """One figure or rule with the sentence it comes from."""

    class Meta(WagtailAdminModelForm.Meta):
        model = DistrictFact
        fields: ClassVar = [
            "district",
            "label",
            "key",
            "text",
            "value",
            "unit",
            "due_year",
            "source_title",
            "source_url",
            "quote",
            "is_draft",
            "position",
        ]
        labels: ClassVar = {"position": _("顺序")}
        help_texts: ClassVar = {
            "key": _("英文小写和连字符，例如 places-per-thousand；同一区不能重复"),
            "value": _("数字直接写，例如 4.5；没有数字就留空"),
            "text": _("家长看到的一句话"),
            "quote": _("文件原文，一字不改"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "district").queryset = districts_of(self.for_user)
        chooser(self, "district").empty_label = None
        if self.instance.pk:
            del self.fields["district"]


class TownshipForm(StaffForm):
    """Where a township's centre is; empty and unticked = the mean of its institutions."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Township
        fields: ClassVar = ["name", "kind", "centre_is_manual", "centre_latitude", "centre_longitude"]
        help_texts: ClassVar = {"centre_is_manual": _("不勾选时，中心按本街道机构的平均位置计算")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("centre_is_manual") and None in (
            cleaned.get("centre_latitude"),
            cleaned.get("centre_longitude"),
        ):
            self.add_error("centre_latitude", _("人工填写时请把纬度和经度都填上。"))
        return cleaned


class CalendarDayForm(StaffForm):
    """A holiday or a make-up working day."""

    class Meta(WagtailAdminModelForm.Meta):
        model = CalendarDay
        fields: ClassVar = ["date", "kind", "name", "source"]


class DistrictStaffForm(RefusalMixin, forms.Form):
    """Who works in which office; an unknown username gets an account."""

    district = forms.ModelChoiceField(label=_("区"), queryset=District.objects.none(), empty_label=None)
    department = forms.ChoiceField(label=_("部门"), choices=DistrictStaff.Department.choices)
    username = forms.CharField(
        label=_("用户名"),
        max_length=150,
        help_text=_("例如 jianxi-wang。没有这个账号时会新建，首次密码只显示一次；首次登录要设第二步验证"),
    )

    def __init__(self, *args: Any, for_user: Any = None, instance: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "district").queryset = districts_of(for_user)
