"""A child, and the consent before it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.services.children import MAX_NICKNAME, MAX_NOTE, ChildDetails
from cms.accounts.models import Child
from cms.core.display.form_widgets import DateParts
from cms.core.display.forms import SiteForm


class ConsentForm(SiteForm):
    """The guardian's yes to one version; the box is never ticked beforehand."""

    version = forms.CharField(max_length=20, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("我是宝宝的监护人，已阅读并同意"),
        error_messages={"required": _("要登记宝宝，请先勾选同意")},
    )


class ChildForm(SiteForm):
    """What a guardian enters about a child. No name, no number of a document."""

    nickname = forms.CharField(
        label=_("宝宝的小名"), max_length=MAX_NICKNAME, help_text=_("机构里怎么叫就填什么，不用填大名")
    )
    birth_date = forms.DateField(
        label=_("出生日期"),
        widget=DateParts,
        help_text=_("班型和能约的日子按出生日期算，例如 2025年6月3日"),
        error_messages={
            "required": _("请填宝宝的出生日期，例如 2025年6月3日"),
            "invalid": _("没有这一天，请再看一下，例如 2025年6月3日"),
        },
    )
    sex = forms.ChoiceField(
        label=_("性别"), choices=[*Child.Sex.choices, ("", _("不填"))], required=False, widget=forms.RadioSelect
    )
    allergies = forms.CharField(
        label=_("过敏"), max_length=MAX_NOTE, required=False, help_text=_("例如 花生、青霉素。保育人员会看到")
    )
    care_notes = forms.CharField(
        label=_("照护提醒"),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如 午睡要抱着小毯子"),
    )

    @classmethod
    def of(cls, child: Child) -> ChildForm:
        """Filled with what is kept of a child."""
        names = ("nickname", "birth_date", "sex", "allergies", "care_notes")
        return cls(initial={name: getattr(child, name) for name in names})

    def details(self) -> ChildDetails:
        """What was entered, for the service."""
        return ChildDetails(**self.cleaned_data)
