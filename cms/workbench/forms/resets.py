"""A colleague who can't sign in any more."""

from __future__ import annotations

from cms.accounts.signin.forms.resets import LostMixin
from cms.core.display.forms import SiteForm


class ColleagueResetForm(LostMixin, SiteForm):
    """What the colleague lost."""
