"""The form behind a manager's one-time link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm


class ManagerAccountForm(SiteForm):
    """A username and a password for a new manager."""

    autocomplete = {"username": "username", "password": "new-password", "password_again": "new-password"}

    username = forms.CharField(
        label=_("用户名"), max_length=150, help_text=_("登录时用，例如 xiaoman-wang。字母、数字和 - _ . 都可以")
    )
    password = forms.CharField(
        label=_("密码"), widget=forms.PasswordInput, help_text=_("至少 10 位，不能全是数字"), strip=False
    )
    password_again = forms.CharField(label=_("再填一次密码"), widget=forms.PasswordInput, strip=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, second = cleaned.get("password"), cleaned.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", _("两次填的密码不一样，请再填一次。"))
        return cleaned
