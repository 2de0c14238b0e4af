"""Number, then code."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.signin.services.sign_in import PhoneInvalid, parse_phone
from cms.core.display.forms import SiteForm


class FocusedForm(SiteForm):
    """The code is what the visitor came to type; after a mistake the error summary takes the focus instead."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["code"].widget.attrs["autofocus"] = True


class MobileNumberForm(SiteForm):
    """The first step: a mobile number in any usual spelling."""

    autocomplete = {"phone": "tel"}
    phone = forms.CharField(
        label=_("手机号"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
        help_text=_("未注册手机号将自动创建账号"),
    )

    def clean_phone(self) -> str:
        """The number in eleven digits."""
        try:
            return parse_phone(self.cleaned_data["phone"])
        except PhoneInvalid as refused:
            raise forms.ValidationError(str(refused)) from None


class CodeForm(FocusedForm):
    """The second step: the code, with the number it was sent to."""

    autocomplete = {"code": "one-time-code"}
    phone = forms.CharField(max_length=40, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("验证码"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
