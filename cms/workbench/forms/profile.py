"""The institution's own words."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm


class ProfileForm(SiteForm):
    """A draft of the introduction; the district's staff publish it."""

    introduction = forms.CharField(
        label=_("机构介绍"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("环境、师资、一日安排、餐食。最多 2000 字，不写宝宝和家长的信息"),
    )


class PhoneForm(SiteForm):
    """The public telephone."""

    phone = forms.RegexField(
        label=_("公开电话"),
        regex=r"^[0-9][0-9 \-]{5,28}$",
        required=False,
        error_messages={"invalid": _("电话请填数字，例如 0379-65500000")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
