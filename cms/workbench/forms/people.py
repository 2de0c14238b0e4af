"""Who works here: what people are called, and how caregivers sign in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.core.display.forms import SiteForm

#: More than any name has; how long one may be is the service's rule.
MOST_TYPED = 400


class MemberNameForm(SiteForm):
    """What colleagues call somebody."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=MOST_TYPED,
        help_text=_("只在本机构和区里显示，家长和网站上看不到"),
    )


class CaregiverInviteForm(SiteForm):
    """Whom an invitation is for."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=MOST_TYPED,
        help_text=_("请谁进来，例如「王芳」。只在本机构和区里显示，家长看不到"),
    )


class FactorForm(SiteForm):
    """A second factor for caregivers too."""

    needed = forms.BooleanField(
        label=_("保育人员登录也要第二步验证"),
        required=False,
        help_text=_("打开后，保育人员下次进工作台前要先绑定验证器"),
    )
