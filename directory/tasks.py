"""Periodic jobs of the directory."""

from __future__ import annotations

import datetime as dt

from directory.services.publicity import expire_overdue
from directory.services.upload_pruning import prune_uploads


def expire_authorisations(now: dt.datetime) -> int:
    """End what has run out; daily after midnight."""
    return expire_overdue(now=now)


def prune_list_uploads(now: dt.datetime) -> int:
    """Remove uploaded lists after their day; hourly."""
    return prune_uploads(now=now)
