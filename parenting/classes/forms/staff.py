"""Forms of the staff's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm


class CancelSessionForm(SiteForm):
    """Why a session does not take place; ``seen`` is the mark of the families that the person saw counted."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("取消的原因"), max_length=120, help_text=_("报了名的家庭会在消息里看到，例如「讲师生病，改到下周」。")
    )
