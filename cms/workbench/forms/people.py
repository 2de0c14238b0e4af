"""How caregivers sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm


class FactorForm(SiteForm):
    """A second factor for caregivers too."""

    needed = forms.BooleanField(
        label=_("保育人员登录也要第二步验证"),
        required=False,
        help_text=_("打开后，保育人员下次进工作台前要先绑定验证器"),
    )
