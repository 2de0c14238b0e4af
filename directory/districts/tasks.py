"""Periodic jobs of the districts."""

from __future__ import annotations

import datetime as dt

from directory.districts.services.offices import refresh_offices


def follow_rules(now: dt.datetime) -> int:
    """A rule that begins or ends today changes who may post classes; daily after midnight."""
    return refresh_offices(now=now)
