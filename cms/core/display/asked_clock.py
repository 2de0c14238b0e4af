"""A clock time in an address that others write to as well.

Chat apps append ``from=timeline`` and the like to the links people share, and ``from`` is our name for a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms

from cms.core.text import folded

CLOCK = "%H:%M"
#: What chat apps put into ``from``: it was never an answer.
CHAT_WORDS = frozenset({"singlemessage", "groupmessage", "timeline"})


class AskedClockInput(forms.TextInput):
    """Of a name given several times, the first value that reads as a time; words of chat apps are nothing."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """The value that counts; the first one that nobody can read where none is a time, so that it is reported."""
        given = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        said = [folded(str(value)).strip() for value in given]
        said = [value for value in said if value and value not in CHAT_WORDS]
        return next((value for value in said if _is_clock(value)), said[0] if said else None)


class AskedClockField(forms.TimeField):
    """``14:00``"""

    widget = AskedClockInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[CLOCK], **kwargs)


def _is_clock(value: str) -> bool:
    try:
        dt.datetime.strptime(value, CLOCK)  # noqa: DTZ007  # a time of day has no zone
    except ValueError:
        return False
    return True
