"""Who is to be looked after and when, from the answers of an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from cms.core.calendar.times import age_in_months
from directory.site.forms.age import months_on
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed


def make_need(data: Mapping[str, Any], *, today: dt.date, children: Sequence[AskedChild]) -> CareNeed:
    """The age is that of the asked day, today's where none was asked. Nobody else's child is known by its id."""
    day, age = data.get("date"), data.get("age")
    child = _child(children, {data.get("child"), age})
    months = None
    if child is not None:
        months = max(0, age_in_months(child.birth_date, day or today))
    elif isinstance(age, (int, dt.date)):
        months = months_on(age, day or today)
    return CareNeed(
        age_months=months,
        birth_month=age if child is None and isinstance(age, dt.date) and months is not None else None,
        child=child,
        day=day,
        starts=data.get("starts"),
        ends=data.get("ends"),
    )


def _child(children: Sequence[AskedChild], ids: set[Any]) -> AskedChild | None:
    return next((child for child in children if child.public_id in ids), None)
