"""Forms of the admin for institutions and the acts on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from cms.core.web.staff_scope import in_scope
from directory.districts.class_kinds import CareMode
from directory.districts.forms.positions import PositionForm
from directory.districts.forms.staff import RefusalMixin, StaffForm, chooser
from directory.districts.models import District, Township
from directory.districts.queries.people import districts_of
from directory.register.enums import RectificationKind
from directory.register.models import Institution


class TownshipChoice(forms.ModelChoiceField):
    """Townships with their district: names repeat between districts."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.district.name} {obj.name}"


class InstitutionForm(PositionForm, StaffForm):
    """The institution as it is registered and filed."""

    district = forms.ModelChoiceField(label=_("区"), queryset=District.objects.none(), empty_label=None)
    township = TownshipChoice(label=_("街道或镇"), queryset=Township.objects.none(), required=False)
    filed_modes = forms.MultipleChoiceField(
        label=_("服务形式"), choices=CareMode.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = Institution
        fields: ClassVar = [
            "district",
            "name",
            "address",
            "township",
            "phone",
            "head_name",
            "credit_code",
            "nature",
            "places",
            "inclusive_places",
            "filed_modes",
        ]
        help_texts: ClassVar = {
            "phone": _("家长会看到并拨打，例如 0379-64000000"),
            "credit_code": _("18 位；公开页面只显示头尾"),
            "head_name": _("只给工作人员看"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "district").queryset = districts_of(self.for_user)
        chooser(self, "township").queryset = in_scope(
            Township.objects.select_related("district").order_by("district__position", "code"), self.for_user
        )
        if self.instance.pk:
            del self.fields["district"]


class EndForm(RefusalMixin, forms.Form):
    """An end with its day and reason."""

    ended_date = forms.DateField(label=_("结束日期"), widget=AdminDateInput)
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如「机构申请注销」；会记入历史"))


class EndInstitutionForm(EndForm):
    """An end for good: whoever means it writes the name."""

    name = forms.CharField(
        label=_("机构名称"), max_length=80, help_text=_("终止后不能恢复。请照着写一遍机构名称，确认没有选错")
    )


class RectificationForm(RefusalMixin, forms.Form):
    """What has to be mended, until when, and whether those who have booked may come."""

    kind = forms.ChoiceField(
        label=_("整改期间"),
        widget=forms.RadioSelect,
        choices=[
            (RectificationKind.STOPS_NEW.value, _("停止新预约：已经约好的照常")),
            (RectificationKind.CLOSES.value, _("停业：已有预约全部取消，并通知家庭")),
        ],
    )
    reason = forms.CharField(label=_("整改事项"), max_length=200, help_text=_("只给工作人员看"))
    until_date = forms.DateField(label=_("整改期限"), widget=AdminDateInput, required=False)


class RectificationKindForm(RefusalMixin, forms.Form):
    """Why the rectification means something else from now on."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如「复查发现仍有隐患」；只记入历史"))


class WithdrawForm(RefusalMixin, forms.Form):
    """Why the public no longer sees it."""

    reason = forms.CharField(label=_("撤下的原因"), max_length=200, help_text=_("例如「登记错了机构」；只记入历史"))


class RectifiedForm(RefusalMixin, forms.Form):
    """Who checked, and what was found."""

    note = forms.CharField(
        label=_("复查结果"), max_length=200, help_text=_("谁在哪天复查、结果如何；记入历史后重新开放预约")
    )


class ReturnIntroductionForm(RefusalMixin, forms.Form):
    """What the institution should change."""

    reason = forms.CharField(
        label=_("要改什么"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如「请去掉联系电话，加上一日安排」；机构负责人会看到"),
    )
