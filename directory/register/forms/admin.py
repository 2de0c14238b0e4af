"""Forms of the Wagtail admin. They check and ask; writing stays with the services (``save`` is never called)."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from cms.core.errors import Refused
from cms.core.models import CalendarDay
from cms.core.web.staff_scope import in_scope
from directory.districts.class_kinds import CareMode
from directory.districts.models import District, DistrictFact, DistrictStaff, Township
from directory.register.models import Authorisation, Institution, Refusal, Title
from directory.register.queries.people import districts_of, institutions_of_staff


def chooser(form: forms.BaseForm, name: str) -> forms.ModelChoiceField[Any]:
    """A form's field that chooses a row."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class TownshipChoice(forms.ModelChoiceField):
    """Townships with their district: names repeat between districts."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.district.name} {obj.name}"


class AuthorisationChoice(forms.ModelChoiceField):
    """Authorisations with their institution."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.institution} {obj}"


class RefusalMixin:
    """Shows what a service refused at the fields it names, else on top."""

    def add_refusal(self, refusal: Refused) -> None:
        form: forms.BaseForm = self  # type: ignore[assignment]  # only ever mixed into a form
        for name, message in refusal.fields.items():
            form.add_error(name if name in form.fields else None, message)
        if not refusal.fields:
            form.add_error(None, str(refusal.message))


class StaffForm(RefusalMixin, WagtailAdminModelForm):
    """A form over one model, limited to what the person's districts hold."""

    def values(self) -> dict[str, Any]:
        """What was entered in the fields of the model."""
        names = {field.name for field in self._meta.model._meta.concrete_fields}
        return {name: value for name, value in self.cleaned_data.items() if name in names}

    def _post_clean(self) -> None:
        """Constraints are left to the service, which has words for them; Django's message would be their names."""
        self.instance.validate_constraints = _leave_to_service
        super()._post_clean()


def _leave_to_service(exclude: Any = None) -> None:
    """Stands in for ``Model.validate_constraints`` while a form is checked."""


class PublishedMixin(forms.Form):
    """「现在公开」 while a row is not public yet."""

    publish = forms.BooleanField(
        label=_("现在公开"), required=False, initial=True, help_text=_("不勾选就先存为草稿，家长看不到")
    )

    def drop_publish_if_public(self, published: bool) -> None:
        if published:
            del self.fields["publish"]


class InstitutionForm(StaffForm):
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
            "latitude",
            "longitude",
        ]
        help_texts: ClassVar = {
            "phone": _("家长会看到并拨打，例如 0379-64000000"),
            "credit_code": _("18 位；公开页面只显示头尾"),
            "latitude": _("WGS-84，例如 34.66；不知道就留空"),
            "longitude": _("WGS-84，例如 112.40；不知道就留空"),
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


class OfInstitutionForm(StaffForm, PublishedMixin):
    """What hangs on an institution; it can't be moved to another one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "institution").queryset = institutions_of_staff(self.for_user).order_by("name")
        chooser(self, "institution").empty_label = _("请选机构")
        if self.instance.pk:
            del self.fields["institution"]
        self.drop_publish_if_public(self.instance.published_at is not None)


class AuthorisationForm(OfInstitutionForm):
    """A filing or permit with its date and source."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Authorisation
        fields: ClassVar = [
            "institution",
            "basis",
            "number",
            "office",
            "from_date",
            "until_date",
            "source_title",
            "source_url",
        ]
        help_texts: ClassVar = {
            "source_title": _("家长会看到，例如「涧西区备案托育机构名单（2026年3月）」"),
            "until_date": _("没有期限就留空；到期后自动下架"),
        }


class TitleForm(OfInstitutionForm):
    """A distinction with its date and source."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Title
        fields: ClassVar = [
            "institution",
            "kind",
            "name",
            "office",
            "from_date",
            "until_date",
            "source_title",
            "source_url",
        ]
        help_texts: ClassVar = {"name": _("例如「区级示范托育机构」"), "until_date": _("没有期限就留空")}


class RefusalForm(StaffForm, PublishedMixin):
    """A refusal with its public reasons."""

    later_authorisation = AuthorisationChoice(
        label=_("后来通过"),
        queryset=Authorisation.objects.none(),
        required=False,
        help_text=_("后来通过了就选上那次备案，本条仍然保留"),
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = Refusal
        fields: ClassVar = [
            "district",
            "institution_name",
            "institution",
            "refused_date",
            "office",
            "reasons",
            "rule",
            "source_title",
            "source_url",
            "later_authorisation",
        ]
        help_texts: ClassVar = {
            "institution": _("已在本站登记的机构可以选上，后来通过时会自动关联"),
            "rule": _("例如「托育机构登记和备案办法（试行）第八条」"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser(self, "district").queryset = districts_of(self.for_user)
        chooser(self, "district").empty_label = None
        chooser(self, "institution").queryset = institutions_of_staff(self.for_user).order_by("name")
        authorisations = Authorisation.objects.select_related("institution").order_by("institution__name")
        chooser(self, "later_authorisation").queryset = in_scope(authorisations, self.for_user)
        if not self.instance.pk:
            del self.fields["later_authorisation"]
        self.drop_publish_if_public(self.instance.published_at is not None)


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


class EndForm(RefusalMixin, forms.Form):
    """An end with its day and reason."""

    ended_date = forms.DateField(label=_("结束日期"), widget=AdminDateInput)
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如「机构申请注销」；会记入历史"))


class RectificationForm(RefusalMixin, forms.Form):
    """What has to be mended, and until when."""

    reason = forms.CharField(label=_("整改事项"), max_length=200, help_text=_("只给工作人员看"))
    until_date = forms.DateField(label=_("整改期限"), widget=AdminDateInput, required=False)


class RectifiedForm(RefusalMixin, forms.Form):
    """Who checked, and what was found."""

    note = forms.CharField(
        label=_("复查结果"), max_length=200, help_text=_("谁在哪天复查、结果如何；记入历史后重新开放预约")
    )


class ConfirmForm(RefusalMixin, forms.Form):
    """An act that asks nothing but a yes."""
