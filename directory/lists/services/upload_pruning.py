"""The end of uploaded lists, apart from ``list_uploads``: every job runner loads this and no spreadsheet reader."""

from __future__ import annotations

import datetime as dt

from directory.lists.models import ListUpload


def prune_uploads(*, now: dt.datetime) -> int:
    """Delete uploads after their day; returns how many. Run hourly."""
    removed, _rows = ListUpload.objects.filter(expires_at__lte=now).delete()
    return removed
