"""Periodic jobs of the register."""

from __future__ import annotations

import datetime as dt

from directory.register.services.publicity import expire_overdue


def expire_authorisations(now: dt.datetime) -> int:
    """End what has run out; daily after midnight."""
    return expire_overdue(now=now)
