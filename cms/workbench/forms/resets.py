"""A colleague who can't sign in any more."""

from __future__ import annotations

from cms.core.display.forms import SiteForm
from directory.register.forms.resets import LostMixin


class ColleagueResetForm(LostMixin, SiteForm):
    """What the colleague lost."""
