"""An account of the admin's people that has to begin again."""

from __future__ import annotations

from django import forms

from cms.accounts.signin.forms.resets import LostMixin
from directory.districts.forms.staff import RefusalMixin


class AccountResetForm(LostMixin, RefusalMixin, forms.Form):
    """What somebody lost."""
