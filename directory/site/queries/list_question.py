"""The list's question after it has been read: as a search, as words, and as addresses that keep it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.queries.districts import DistrictInfo, Street
from directory.search.engine import SearchQuery
from directory.search.near import Near
from directory.site.queries.finding import Asked

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """What a visitor asked, as far as it could be read. ``complaints`` says what could not be followed."""

    district: DistrictInfo | None
    asked: Asked
    q: str
    street: str
    mode: str
    near: Near | None
    near_street: Street | None
    radius: float | None
    inclusive: bool
    demonstration: bool
    sort: str
    page: int
    show_all: bool
    editing: bool
    params: Mapping[str, str]
    complaints: tuple[str, ...]

    @property
    def position(self) -> tuple[float, float] | None:
        """Where distances are measured from."""
        if self.near_street is not None:
            return self.near_street.centre
        return self.near.position if self.near is not None else None

    @property
    def chosen_sort(self) -> str:
        """As asked, else by distance where a place is known, by fit where words are, by name."""
        if self.sort in ("distance", "relevance") or not self.sort:
            if self.position is not None and self.sort != "relevance":
                return "distance"
            return "relevance" if self.q else "name"
        return "name" if self.sort == "remaining" and not self.asked.is_whole else self.sort

    def search_query(self, *, page: int | None = None) -> SearchQuery:
        """The search behind the page. The age alone filters; with a day and time it is asked of the places."""
        return SearchQuery(
            q=self.q,
            district=self.district.slug if self.district else "",
            street=self.street,
            mode=self.mode,
            age_months=self.asked.age_months if self.asked.day is None else None,
            near=self.position,
            radius_km=self.radius if self.position is not None else None,
            inclusive=self.inclusive,
            demonstration=self.demonstration,
            sort=self.chosen_sort,
            page=page or self.page,
            page_size=PAGE_SIZE,
        )

    def address(self, **changes: str) -> str:
        """The same question with some answers changed; "" takes one away. The page begins anew."""
        kept = {name: value for name, value in {**self.params, **changes}.items() if value}
        return "?" + "&".join(_pair(name, value) for name, value in kept.items())

    @property
    def tail(self) -> str:
        """The part that an institution's page needs to lead into booking already filled in."""
        names = ("age", "date", "from", "to")
        kept = {name: self.params[name] for name in names if name in self.params}
        return "?" + urlencode(kept) if kept else ""

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is on."""
        narrowed = (self.q, self.street, self.mode, self.inclusive, self.demonstration, self.radius)
        return any(narrowed) or (self.asked.age_months is not None and self.asked.day is None)

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The answers a form on the page must carry along."""
        return [(name, value) for name, value in self.params.items() if name not in without]

    def words(self) -> list[str]:
        """「17 个月」「11月26日 周四」「14:00–17:00」: each stays on one line."""
        asked = self.asked
        parts = [wording.months(asked.age_months)] if asked.age_months is not None else []
        if asked.day is not None:
            parts.append(wording.day(asked.day))
            if asked.starts is not None and asked.ends is not None:
                parts.append(wording.period(asked.starts, asked.ends))
        return parts

    def place_words(self) -> str:
        """「珠江路附近 3 公里」, 「我的位置附近」, or the district."""
        if self.position is None:
            return _("%s内") % self.district.name if self.district else ""
        name = self.near_street.short_name if self.near_street else _("我的位置")
        if self.radius is None:
            return _("%s附近") % name
        return _("%(name)s附近 %(distance)g 公里") % {"name": name, "distance": self.radius}


@functools.lru_cache(maxsize=256)
def _pair(name: str, value: str) -> str:
    """One answer as an address carries it: a page has fifteen addresses that differ in one."""
    return urlencode({name: value})


def make_question(
    answers: Mapping[str, Any],
    complaints: list[str],
    *,
    district: DistrictInfo | None,
    streets: Mapping[str, Street],
    chose_district: bool,
) -> ListQuestion:
    """From the form's answers; a street of another district or one without a centre is told."""
    told = list(complaints)
    street = answers["street"] or ""
    if street and (district is None or street not in {each.code for each in district.streets}):
        street = ""
        told.append(_("这个区里没有这个街道，下面是全区的机构。"))
    near: Near | None = answers["near"]
    near_street = streets.get(near.code) if near is not None else None
    if near is not None and near.code and (near_street is None or near_street.centre is None):
        near, near_street = None, None
        told.append(_("还不知道这个街道的中心在哪里，下面没有按距离排。"))
    asked = Asked(age_months=answers["age"], day=answers["date"], starts=answers["starts"], ends=answers["ends"])
    question = ListQuestion(
        district=district,
        asked=asked,
        q=answers["q"] or "",
        street=street,
        mode=answers["mode"] or "",
        near=near,
        near_street=near_street,
        radius=answers["radius"] if near is not None else None,
        inclusive=bool(answers["inclusive"]),
        demonstration=bool(answers["demonstration"]),
        sort=answers["sort"] or "",
        page=answers["page"] or 1,
        show_all=bool(answers["show"]),
        editing=bool(answers["edit"]),
        params={},
        complaints=tuple(told),
    )
    return _with_params(question, chose_district)


def _with_params(question: ListQuestion, chose_district: bool) -> ListQuestion:
    asked = question.asked
    params = {
        "district": question.district.slug if question.district and chose_district else "",
        "age": "" if asked.age_months is None else str(asked.age_months),
        "date": asked.day.isoformat() if asked.day else "",
        "from": _clock(asked.starts),
        "to": _clock(asked.ends),
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
    kept = {name: value for name, value in params.items() if value}
    return dataclasses.replace(question, params=kept)


def _clock(value: dt.time | None) -> str:
    return value.strftime("%H:%M") if value else ""
