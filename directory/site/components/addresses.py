"""The list's question as an address: links that change one answer, and the fields that a form carries along."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from urllib.parse import urlencode

from directory.site.queries.finding import CareNeed
from directory.site.queries.listing import ListQuestion

#: What an institution's page needs to lead into booking already filled in.
CARRIED_ON = ("age", "child", "date", "from", "to")


class ListAddress:
    """The answers of a question under their public names, in the order in which addresses write them."""

    def __init__(self, question: ListQuestion) -> None:
        self.params = _params(question)

    def changed(self, **changes: str) -> str:
        """The same question with some answers changed; "" takes one away. Starts again at the first page."""
        params = {name: value for name, value in {**self.params, **changes}.items() if value}
        return "?" + "&".join(_pair(name, value) for name, value in params.items())

    @property
    def tail(self) -> str:
        """The query string for an institution's page, "" if nothing was asked that it could use."""
        carried = {name: self.params[name] for name in CARRIED_ON if name in self.params}
        return "?" + urlencode(carried) if carried else ""

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The answers that a form on the page must carry along: all but those it asks for itself."""
        return [(name, value) for name, value in self.params.items() if name not in without]


def _params(question: ListQuestion) -> Mapping[str, str]:
    need = question.need
    params = {
        "district": question.district.slug if question.district and question.chose_district else "",
        "age": age_param(need),
        "child": need.child.public_id if need.child else "",
        "date": need.day.isoformat() if need.day else "",
        "from": _clock(need.starts),
        "to": _clock(need.ends),
        "near": question.near.text if question.near else "",
        "radius": f"{question.radius:g}" if question.radius is not None else "",
        "q": question.q,
        "street": question.street,
        "mode": question.mode,
        "inclusive": "1" if question.inclusive else "",
        "demonstration": "1" if question.demonstration else "",
        "sort": question.sort,
        "show": "all" if question.show_all else "",
    }
    return {name: value for name, value in params.items() if value}


def age_param(need: CareNeed) -> str:
    """「2024-12」 where the month of birth was said, else the months; beside a child, for whoever does not know it."""
    if need.birth_month is not None:
        return need.birth_month.strftime("%Y-%m")
    return "" if need.age_months is None else str(need.age_months)


def _clock(value: dt.time | None) -> str:
    return value.strftime("%H:%M") if value else ""


@functools.lru_cache(maxsize=256)
def _pair(name: str, value: str) -> str:
    """One answer as an address carries it: a page has fifteen addresses that differ in one."""
    return urlencode({name: value})
