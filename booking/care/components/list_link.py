"""The address of the public list with a question that booking could not answer."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.urls import reverse

Span = tuple[dt.time, dt.time]


def list_link(
    *, district: str = "", age: int | None = None, day: dt.date | None = None, span: Span | None = None
) -> str:
    """Who can take a child of ``age`` completed months on a day, at these hours; what isn't known is not asked."""
    question = {
        "district": district,
        "age": "" if age is None else age,
        "date": day.isoformat() if day else "",
        "from": f"{span[0]:%H:%M}" if span else "",
        "to": f"{span[1]:%H:%M}" if span else "",
    }
    asked = {name: value for name, value in question.items() if value != ""}
    return f"{reverse('directory:institution-list')}?{urlencode(asked)}"
