"""Periodic jobs of the register."""

from __future__ import annotations

import datetime as dt

from directory.register.services.invites import forget_old_invites
from directory.register.services.publicity import expire_overdue


def expire_authorisations(now: dt.datetime) -> int:
    """End what has run out; daily after midnight."""
    return expire_overdue(now=now)


def forget_invites(now: dt.datetime) -> int:
    """Remove what nobody used; daily after midnight."""
    return forget_old_invites(now=now)
