"""What the home page shows beside the editors' pages: the question's choices, and live numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest

from cms.core.calendar import times
from cms.pages import numbers
from directory.site.components.choices import Option, need_options
from directory.site.views.visitors import visitor_children


def home_context(request: HttpRequest, *, now: dt.datetime) -> dict[str, Any]:
    """The whole of it for one visitor's district; of the visitor nothing but the children of a signed-in parent."""
    today = times.local_date(now)
    found = numbers.home_numbers(request, now=now)
    streets = found["district"].streets if found["district"] else ()
    return {
        "ask": need_options(today=today, children=visitor_children(request, today=today)),
        # As on the list: nothing can be near a street whose centre nobody knows.
        "near": [Option(street.code, street.name) for street in streets if street.centre],
        **found,
    }
