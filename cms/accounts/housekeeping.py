"""The accounts' periodic job."""

from __future__ import annotations

import datetime as dt

from cms.accounts.signin.services.setup_links import prune_setup_links
from cms.accounts.signin.services.sign_in import prune_codes
from cms.accounts.signin.services.tokens import prune_sessions


def remove_old_rows(now: dt.datetime) -> None:
    """Old codes, expired links and sessions."""
    prune_codes(now=now)
    prune_sessions(now=now)
    prune_setup_links(now=now)
