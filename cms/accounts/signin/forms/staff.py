"""Password, second factor and what belongs to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.signin.forms.sign_in import FocusedForm
from cms.core.display.forms import SiteForm


class PasswordForm(SiteForm):
    """Username and password of staff."""

    autocomplete = {"username": "username", "password": "current-password"}
    username = forms.CharField(label=_("用户名"), max_length=150)
    password = forms.CharField(label=_("密码"), max_length=400, strip=False, widget=forms.PasswordInput)


class SecondFactorForm(FocusedForm):
    """Six digits of the authenticator app, or a recovery code."""

    autocomplete = {"code": "one-time-code"}
    code = forms.CharField(
        label=_("验证码"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=_("验证器上的 6 位数字，或一个恢复码"),
    )


class SetUpForm(SiteForm):
    """The first code of a new authenticator app."""

    autocomplete = {"code": "one-time-code"}
    code = forms.CharField(label=_("6 位数字"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"}))


class PasskeyForm(SiteForm):
    """A name for a new passkey."""

    name = forms.CharField(
        label=_("名称"), max_length=40, required=False, help_text=_("例如「办公室电脑」，方便以后认出")
    )


class NewPasswordForm(SiteForm):
    """A new password, twice."""

    autocomplete = {"new": "new-password", "again": "new-password"}
    new = forms.CharField(
        label=_("新密码"),
        max_length=400,
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("至少 10 个字符，不要只用数字，也不要和用户名相近"),
    )
    again = forms.CharField(label=_("再填一次新密码"), max_length=400, strip=False, widget=forms.PasswordInput)

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次填的新密码不一样"))
        return data


class ChangePasswordForm(NewPasswordForm):
    """Old and new password."""

    autocomplete = NewPasswordForm.autocomplete | {"old": "current-password"}
    field_order = ("old", "new", "again")
    old = forms.CharField(label=_("现在的密码"), max_length=400, strip=False, widget=forms.PasswordInput)
