"""What the home page shows beside the editors' pages: the question's choices, and live numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from cms.core.calendar import times
from cms.pages import numbers
from directory.site.components.choices import Option, need_options


def home_context(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """The whole of it for one visitor's district; nothing in it belongs to one person."""
    found = numbers.home_numbers(request, now=now)
    streets = found["district"].streets if found["district"] else ()
    return {
        "ask": need_options(today=times.local_date(now)),
        # As on the list: nothing can be near a street whose centre nobody knows.
        "near": [Option(street.code, street.name) for street in streets if street.centre],
        "now": now,
        **found,
    }
