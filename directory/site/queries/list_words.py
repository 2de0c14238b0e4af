"""Lines, chips and choices around the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH
from directory.districts.queries.districts import DistrictInfo
from directory.search.engine import FacetValue
from directory.search.labels import label_of
from directory.site.queries.finding import Found
from directory.site.queries.list_question import ListQuestion

DAYS_OFFERED = 14
FIRST_CLOCK, LAST_CLOCK, CLOCK_STEP = 7 * 60, 20 * 60, 30
DEFAULT_FROM, DEFAULT_TO = "14:00", "17:00"
RADII = (1, 2, 3, 5, 10)
MODES_ASKED = ("hourly", "temporary", "half_day", "full_day", "half_month")
SELECTED = " selected"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select or one chip."""

    value: str
    text: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A link that changes one answer."""

    href: str
    text: str
    current: bool


def chips(question: ListQuestion, found: Found) -> list[Chip]:
    """Who can, everybody, then the filters parents use most, each with how many it would leave."""
    facets = found.result.facets
    links: list[Chip] = []
    if found.free is not None:
        able = _("能照看的") if question.show_all else _("能照看的 %d") % found.result.first_count
        links.append(Chip(question.address(show=""), able, not question.show_all))
        links.append(Chip(question.address(show="all"), _("全部 %d") % found.result.count, question.show_all))
    if question.street and question.district:
        name = next(each.short_name for each in question.district.streets if each.code == question.street)
        links.append(Chip(question.address(street=""), name, True))
    for name in ("demonstration", "inclusive"):
        words = label_of(name, "true")
        links += _toggle(question, name, "1", words, facets[name], on=bool(question.params.get(name)))
    for mode in MODES_ASKED:
        values = [value for value in facets["mode"] if value.value == mode]
        links += _toggle(question, "mode", mode, label_of("mode", mode), values, on=question.mode == mode)
    return links


def _toggle(
    question: ListQuestion, name: str, value: str, words: str, values: Sequence[FacetValue], *, on: bool
) -> list[Chip]:
    count = sum(each.count for each in values)
    if not count and not on:
        return []
    return [Chip(question.address(**{name: "" if on else value}), f"{words} {count}", on)]


def summary(question: ListQuestion, found: Found) -> str:
    """「12 家中 5 家能照看，按距离」"""
    words = {
        "count": found.result.count,
        "able": found.result.first_count,
        "order": _sort_words()[question.chosen_sort],
    }
    if found.free is not None and not question.show_all:
        return _("%(count)d 家中 %(able)d 家能照看，%(order)s") % words
    return _("共 %(count)d 家，%(order)s") % words


def _sort_words() -> dict[str, str]:
    """「按距离」"""
    return {
        "distance": _("按距离"),
        "price": _("按价格"),
        "remaining": _("按空位"),
        "name": _("按名称"),
        "relevance": _("最相符的在前"),
    }


def empty_words(question: ListQuestion) -> tuple[str, str, str, str]:
    """Title, text, address and words of the way on, for a list without a single institution."""
    where = question.district.name if question.district else _("这里")
    if question.q:
        text = _(
            "没有列在名单里的机构，没有在%s备案。换个名称、街道或拼音再找找；"
            "如果它正在招收 3 岁以下的宝宝，可以拨打 12345 反映。"
        )
        return _("名单里没有「%s」") % question.q, text % where, question.address(q=""), _("看全部机构")
    if question.is_narrowed:
        text = _("放宽一个条件试试：去掉筛选，或者把距离改远一些。")
        cleared = question.address(street="", mode="", inclusive="", demonstration="", radius="", age="")
        return _("没有符合这些条件的机构"), text, cleared, _("去掉筛选")
    text = _("机构备案后就会列在这里。想先了解备案情况，可以拨打 12345 询问。")
    return _("%s还没有公开的机构") % where, text, "/", _("回首页")


def ask_choices(today: dt.date, question: ListQuestion | None = None) -> dict[str, SafeString]:
    """Options of the question, with what was answered chosen; also for the home page."""
    asked = question.asked if question else None
    age = str(asked.age_months) if asked and asked.age_months is not None else ""
    day = asked.day if asked and asked.day else _next_working_day(today)
    starts = f"{asked.starts:%H:%M}" if asked and asked.starts else DEFAULT_FROM
    ends = f"{asked.ends:%H:%M}" if asked and asked.ends else DEFAULT_TO
    days = sorted({day, *(today + dt.timedelta(days=offset) for offset in range(DAYS_OFFERED + 1))})
    return {
        "ages": _options(Choice(str(n), wording.months(n), str(n) == age) for n in range(FIRST_MONTH, END_MONTH)),
        "days": _options(Choice(each.isoformat(), _day_words(each, today), each == day) for each in days),
        "starts": _options(_clocks(starts)),
        "ends": _options(_clocks(ends)),
    }


def place_choices(question: ListQuestion, districts: Iterable[DistrictInfo]) -> dict[str, SafeString]:
    """Streets, distances and orders to choose from."""
    streets = question.district.streets if question.district else ()
    code = question.near_street.code if question.near_street else ""
    near = [Choice(street.code, street.name, street.code == code) for street in streets if street.centre]
    if question.near is not None and question.near.position is not None:
        near.insert(0, Choice(question.near.text, _("我的位置"), True))
    within, words = _("%g 公里内"), _sort_words()
    radii = sorted({*RADII, *([question.radius] if question.radius else [])})
    return {
        "near": _options(near),
        "radii": _options(Choice(f"{km:g}", within % km, km == question.radius) for km in radii),
        "streets": _options(Choice(each.code, each.name, each.code == question.street) for each in streets),
        "sorts": _options(Choice(sort, words[sort], sort == question.chosen_sort) for sort in _sorts(question)),
        "districts": _options(Choice(each.slug, each.name, each == question.district) for each in districts),
    }


def _options(choices: Iterable[Choice]) -> SafeString:
    """The options of a select as one string: a template loop over them would cost more than the search."""
    options = (
        f'<option value="{escape(c.value)}"{SELECTED if c.current else ""}>{escape(c.text)}</option>' for c in choices
    )
    return mark_safe("".join(options))  # noqa: S308 - escaped part by part


def _sorts(question: ListQuestion) -> list[str]:
    found = ["distance"] if question.position else []
    found += ["relevance"] if question.q else []
    found += ["price", *(["remaining"] if question.asked.is_whole else []), "name"]
    return found


def _next_working_day(today: dt.date) -> dt.date:
    """Tomorrow, or Monday: most parents ask for a weekday."""
    days = (today + dt.timedelta(days=offset) for offset in range(1, 4))
    return next(day for day in days if day.weekday() < 5)


def _day_words(day: dt.date, today: dt.date) -> str:
    if 0 <= (day - today).days <= 1:
        return f"{wording.near_day(day, today)} {wording.weekday(day)}"
    return wording.day(day)


def _clocks(chosen: str) -> list[Choice]:
    offered = {f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(FIRST_CLOCK, LAST_CLOCK + 1, CLOCK_STEP)}
    return [Choice(clock, clock.removeprefix("0"), clock == chosen) for clock in sorted({*offered, chosen})]
