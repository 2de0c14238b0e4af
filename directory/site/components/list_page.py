"""What the list page says around its cards: the question, chips, the summary, selects, and what an empty list means."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from cms.core.calendar.times import local_date
from cms.core.display import wording
from directory.districts.components.age_words import birth_month_note, day_age_words
from directory.districts.queries.districts import DistrictInfo
from directory.search.engine import FacetValue
from directory.search.labels import label_of
from directory.site.components.addresses import ListAddress
from directory.site.components.card_places import NO_PLACES
from directory.site.components.cards import CardWriter, make_groups
from directory.site.components.choices import Option, need_options
from directory.site.components.miss import (
    may_be_a_name,
    miss_steps,
    miss_text,
    miss_title,
    no_list_title,
    refused_href,
    refused_words,
)
from directory.site.components.places import CardPlacesWriter, shared_hours
from directory.site.queries.children import AskedChild
from directory.site.queries.finding import CareNeed, Found
from directory.site.queries.listing import ListQuestion
from directory.site.queries.missing import Miss

RADII = (1, 2, 3, 5, 10)
MODES_ASKED = ("hourly", "temporary", "half_day", "full_day", "half_month")


class Chip(NamedTuple):
    """A link that changes one answer."""

    href: str
    text: str
    current: bool


class EmptyText(NamedTuple):
    """Why nothing is listed, and the way on."""

    title: str
    text: str
    href: str
    action: str


def list_context(
    question: ListQuestion,
    found: Found,
    *,
    districts: Iterable[DistrictInfo],
    now: dt.datetime,
    children: Sequence[AskedChild] = (),
    miss: Miss | None = None,
) -> dict[str, Any]:
    """Everything the page says about the answer to the question; ``miss`` where its words found nothing."""
    address = ListAddress(question)
    shown = dataclasses.replace(question.need, day=found.day)
    hours, is_asked = shared_hours(found.places.values()), question.need.day is not None
    writer = CardPlacesWriter(shown, now=now, hours=hours, names_day=not is_asked, priced=not question.show_all)
    names = {hit.pk: hit.document["name"] for hit in found.result.hits}
    cards = {pk: writer.card(names[pk], places) for pk, places in found.places.items()}
    context: dict[str, Any] = {
        "question": question,
        "need_parts": need_parts(question.need),
        "need_age": need_age(question.need),
        "month_note": month_note(question.need),
        "place": place_text(question),
        "edit_href": address.changed(edit="1") + "#ask",
        "chips": make_chips(question, found, address),
        "summary": summary(question, found),
        "groups": make_groups(found, question, cards, tail=address.tail),
        "options": filter_options(question, districts),
        "find_hidden": address.hidden("q", "street", "radius", "sort", "district"),
        "has_ribbons": any(card.ribbon for card in cards.values()),
        "has_stale": any(card.stale for card in cards.values()),
    }
    if question.editing:
        context["ask"] = need_options(today=local_date(now), need=question.need, children=children)
        context["ask_hidden"] = address.hidden("age", "child", "date", "from", "to", "near", "show")
    if question.q and miss is not None:
        context["miss"] = miss_context(question, miss, address, districts)
    elif not found.result.count and not question.problems:
        context["empty"] = empty_text(question, address)
    return context


def miss_context(
    question: ListQuestion, miss: Miss, address: ListAddress, districts: Iterable[DistrictInfo]
) -> dict[str, Any]:
    """What is said and offered where words found nothing."""
    writer, districts = CardWriter(mode="", tail=address.tail), list(districts)
    return {
        "title": miss_title(question, miss),
        "text": miss_text(miss, is_name=may_be_a_name(question, districts)),
        "refused": refused_words(miss),
        "refused_href": refused_href(question),
        "cards": [writer.card(hit, NO_PLACES) for hit in miss.nearest],
        "steps": miss_steps(question, miss, address, districts),
    }


def need_parts(need: CareNeed) -> list[str]:
    """「11月26日 周四」「14:00–17:00」: each stays on one line. Without a day, who is asked for."""
    if need.day is None:
        return [who_words(need)] if need.age_months is not None else []
    parts = [wording.day(need.day)]
    if need.starts is not None and need.ends is not None:
        parts.append(wording.period(need.starts, need.ends))
    return parts


def who_words(need: CareNeed) -> str:
    """「豆豆」, 「2024年12月出生」 or 「17 个月」."""
    if need.child is not None:
        return need.child.nickname
    if need.birth_month is not None:
        return _("%s出生") % wording.month(need.birth_month)
    return wording.months(need.age_months or 0)


def need_age(need: CareNeed) -> str:
    """「安安那天满 24 个月，托大班」; "" where it was not asked who and on which day."""
    if need.age_months is None or need.day is None:
        return ""
    who = who_words(need) if need.child is not None else ""
    if need.birth_month is not None:
        who = f"{who_words(need)}，"
    return who + day_age_words(need.age_months)


def month_note(need: CareNeed) -> str:
    """For a child of whom the month of birth alone is known, where a few days would change the answer."""
    return birth_month_note(need.age_months) if need.birth_month and need.age_months is not None else ""


def place_text(question: ListQuestion) -> str:
    """「珠江路附近 3 公里」, 「我的位置附近」; "" where no place was asked: the list is the district's anyway."""
    if question.position is None:
        return ""
    name = question.near_street.short_name if question.near_street else _("我的位置")
    if question.radius is None:
        return _("%s附近") % name
    return _("%(name)s附近 %(distance)g 公里") % {"name": name, "distance": question.radius}


def make_chips(question: ListQuestion, found: Found, address: ListAddress) -> list[Chip]:
    """Who can, everybody, then the filters parents use most, each with how many it would leave."""
    facets = found.result.facets
    chips: list[Chip] = []
    if found.free is not None:
        able = _("能照看的") if question.show_all else _("能照看的 %d") % found.result.first_count
        chips.append(Chip(address.changed(show=""), able, not question.show_all))
        chips.append(Chip(address.changed(show="all"), _("全部 %d") % found.result.count, question.show_all))
    if question.street and question.district:
        name = next(street.short_name for street in question.district.streets if street.code == question.street)
        chips.append(Chip(address.changed(street=""), name, True))
    flags = {"demonstration": question.demonstration, "inclusive": question.inclusive}
    count = found.result.count
    for name, on in flags.items():
        chips += _toggle(address, name, "1", label_of(name, "true"), facets[name], on=on, everything=count)
    # Beside a chosen mode the others count all institutions: the same number would say nothing.
    everything = 0 if question.mode else count
    for mode in MODES_ASKED:
        values = [value for value in facets["mode"] if value.value == mode]
        is_on = question.mode == mode
        chips += _toggle(address, "mode", mode, label_of("mode", mode), values, on=is_on, everything=everything)
    return chips


def _toggle(
    address: ListAddress, name: str, value: str, label: str, values: Sequence[FacetValue], *, on: bool, everything: int
) -> list[Chip]:
    """The chip of a filter; none for a filter that would leave nothing or everything, unless it is on."""
    count = sum(each.count for each in values)
    if count in (0, everything) and not on:
        return []
    return [Chip(address.changed(**{name: "" if on else value}), f"{label} {count}", on)]


def summary(question: ListQuestion, found: Found) -> str:
    """「12 家中 5 家能照看，按距离」"""
    numbers: dict[str, Any] = {
        "count": found.result.count,
        "able": found.result.first_count,
        "order": _sort_labels()[question.chosen_sort],
    }
    if found.free is not None and not question.show_all:
        return _("%(count)d 家中 %(able)d 家能照看，%(order)s") % numbers
    if question.need.age_months is not None and question.need.day is None:
        # The age alone leaves some out: without saying so the number would be that of all.
        numbers["age"] = wording.months(question.need.age_months)
        return _("收 %(age)s宝宝的共 %(count)d 家，%(order)s") % numbers
    return _("共 %(count)d 家，%(order)s") % numbers


def filter_options(question: ListQuestion, districts: Iterable[DistrictInfo]) -> dict[str, list[Option]]:
    """Streets, distances, orders and districts to choose from; what was asked is current and always among them."""
    streets = question.district.streets if question.district else ()
    code = question.near_street.code if question.near_street else ""
    near = [Option(street.code, street.name, street.code == code) for street in streets if street.centre]
    if question.near is not None and question.near.position is not None:
        near.insert(0, Option(question.near.text, _("我的位置"), True))
    within, labels = _("%g 公里内"), _sort_labels()
    radii = sorted({*RADII, *([question.radius] if question.radius else [])})
    return {
        "near": near,
        "radii": [Option(f"{km:g}", within % km, km == question.radius) for km in radii],
        "streets": [Option(street.code, street.name, street.code == question.street) for street in streets],
        "sorts": [Option(sort, labels[sort], sort == question.chosen_sort) for sort in _sorts(question)],
        "districts": [Option(each.slug, each.name, each == question.district) for each in districts],
    }


def _sort_labels() -> dict[str, str]:
    return {
        "distance": _("按距离"),
        "price": _("按价格"),
        "remaining": _("按空位"),
        "name": _("按名称"),
        "relevance": _("最相符的在前"),
    }


def _sorts(question: ListQuestion) -> list[str]:
    sorts = ["distance"] if question.position else []
    sorts += ["relevance"] if question.q else []
    return [*sorts, "price", *(["remaining"] if question.need.is_whole else []), "name"]


def empty_text(question: ListQuestion, address: ListAddress) -> EmptyText:
    """For a list without a single institution: nothing left by the filters, or none at all."""
    if question.is_narrowed:
        text = _("放宽一个条件试试：去掉筛选，或者把距离改远一些。")
        cleared = address.changed(street="", mode="", inclusive="", demonstration="", radius="", age="")
        return EmptyText(_("没有符合这些条件的机构"), text, cleared, _("去掉筛选"))
    text = _("名单放上来以后，就能在这里查。")
    return EmptyText(no_list_title(question), text, "/", _("回首页"))
