"""Forms of the admin about the people of an institution."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.districts.forms.staff import RefusalMixin

#: More than any name has; how long one may be is the service's rule.
MOST_TYPED = 400


class PersonNameForm(RefusalMixin, forms.Form):
    """What somebody is called."""

    name = forms.CharField(
        label=_("姓名"), max_length=MOST_TYPED, help_text=_("只在这家机构和区里显示，家长和网站上看不到")
    )
