"""Periodic jobs of the official lists."""

from __future__ import annotations

import datetime as dt

from directory.lists.services.upload_pruning import prune_uploads


def prune_list_uploads(now: dt.datetime) -> int:
    """Remove uploaded lists after their day; hourly."""
    return prune_uploads(now=now)
