"""The cards of the list page, each one prepared string: forty template nodes a card cost more than finding them."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.districts.class_kinds import CareMode, ClassKind
from directory.register.fees import unit_in_words
from directory.register.ports import CardPlaces
from directory.search.engine import Hit, SearchQuery
from directory.search.labels import label_of
from directory.site.queries.finding import Found

# Who asks for a few hours pays by the hour or block; a fixed window is the next best.
PRICE_ORDER = ("hourly", "temporary", "half_day", "full_day", "half_month")
NO_PLACES = CardPlaces(ribbon=None, remaining=None, words="", tone="no", stamp="", stale=False)
_PLACEHOLDER = "000000000000"


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading, each one string; ``ruled`` headings are seen, others are for screen readers."""

    title: str
    ruled: bool
    cards: Sequence[SafeString]


def make_groups(found: Found, query: SearchQuery, *, tail: str, tiers: bool) -> list[Group]:
    """Cards in the order of the result: who can take the child, then who can't; each time the unplaced last."""
    free = found.free if tiers else None
    words = _Words()
    groups: list[Group] = []
    for (can, located), hits in _runs(found.result.hits, free, by_place=query.near is not None):
        cards = [_card(hit, found.cards.get(hit.pk) or NO_PLACES, query, words, tail=tail) for hit in hits]
        groups.append(_group(can, located, cards, found))
    return groups


class _Words:
    """What every card says, looked up and escaped once a page; and addresses without resolving each anew."""

    def __init__(self) -> None:
        self.filed, self.permitted = _tag("filed", _("已备案")), _tag("filed", _("已许可"))
        self.shown = _tag("show", label_of("demonstration", "true"))
        self.inclusive = _tag("inclusive", label_of("inclusive", "true"))
        self.price = _("%(mode)s %(price)s%(unit)s起")
        self.units = {mode.value: f"/{unit_in_words(mode)}" for mode in CareMode}
        self.kinds = {kind.value: escape(label_of("class_kind", kind.value)) for kind in ClassKind}
        self.modes = {mode.value: escape(label_of("mode", mode.value)) for mode in CareMode}
        self.yuan = functools.cache(wording.yuan)
        self._address = reverse("directory:institution-detail", args=[_PLACEHOLDER])

    def address(self, public_id: str) -> str:
        return self._address.replace(_PLACEHOLDER, public_id)


def _runs(
    hits: Sequence[Hit], free: Mapping[int, int] | None, *, by_place: bool
) -> Iterator[tuple[tuple[bool | None, bool], list[Hit]]]:
    last: tuple[bool | None, bool] | None = None
    run: list[Hit] = []
    for hit in hits:
        key = (None if free is None else hit.pk in free, not by_place or hit.distance_km is not None)
        if last is not None and key != last:
            yield last, run
            run = []
        last = key
        run.append(hit)
    if last is not None:
        yield last, run


def _group(can: bool | None, located: bool, cards: list[SafeString], found: Found) -> Group:
    if not located:
        return Group(_("位置未登记，量不出距离"), True, cards)
    if can is None:
        return Group(_("机构名单"), False, cards)
    if can:
        return Group(_("能照看的 %d 家") % found.result.first_count, False, cards)
    return Group(_("暂时不能照看的 %d 家") % (found.result.count - found.result.first_count), True, cards)


def _card(hit: Hit, places: CardPlaces, query: SearchQuery, words: _Words, *, tail: str) -> SafeString:
    """One institution as ``<li>``. What comes in pieces is escaped there, with what was searched for marked."""
    document = hit.document
    # The street says enough, unless the address is what was searched for.
    address = f'<p class="small soft">{_marked(hit, "address")}</p>' if "address" in hit.highlights else ""
    ribbon = f"<div>{places.ribbon}</div>" if places.ribbon else ""
    html = (
        f'<li class="card place"><div><h3><a href="{escape(words.address(document["id"]) + tail)}">'
        f"{_marked(hit, 'name')}</a></h3>{_tags(document, words)}</div>\n"
        f'<p class="small soft">{_note(hit, words)}</p>{address}{ribbon}\n'
        f"{_answer(places, _price_in_words(document['prices'], query.mode, words))}{_stamp(places)}</li>"
    )
    return mark_safe(html)  # noqa: S308 - every part is escaped where it is made


def _answer(places: CardPlaces, price: str) -> str:
    """「有 4 位」 and the price on one line."""
    words = escape(places.words)
    if words:
        words = (
            f'<span class="no">{words}</span>'
            if places.tone == "no"
            else f'<strong class="{places.tone}">{words}</strong>'
        )
    fee = f'<span class="small soft">{price}</span>' if price else ""
    return f'<p class="answer">{words}{fee}</p>' if words or fee else ""


def _stamp(places: CardPlaces) -> str:
    """When the institution vouched for what is shown."""
    if not places.stamp or not (places.ribbon or places.words):
        return ""
    kind = "stamp stamp--stale" if places.stale else "stamp"
    return f'<p class="{kind}">{escape(places.stamp)}</p>'


def _marked(hit: Hit, field: str) -> str:
    """The field escaped, with its hits marked (``hits.highlights`` escapes what it marks)."""
    return hit.highlights[field] if field in hit.highlights else escape(hit.document[field])


def _tag(kind: str, text: str) -> str:
    return f'<span class="tag tag--{kind}">{escape(text)}</span>'


def _tags(document: Mapping[str, Any], words: _Words) -> str:
    tags = ""
    if document["basis"]:
        tags += words.permitted if document["basis"] == "permit" else words.filed
    if document["demonstration"]:
        tags += words.shown
    if document["inclusive"]:
        tags += words.inclusive
    return f'<p class="row">{tags}</p>' if tags else ""


def _note(hit: Hit, words: _Words) -> str:
    """「珠江路街道　0.6 公里　乳儿班 托小班」"""
    parts = [_marked(hit, "street_name")]
    if hit.distance_km is not None:
        parts.append(wording.kilometres(hit.distance_km))
    kinds = " ".join(words.kinds[kind] for kind in hit.document["class_kinds"])
    parts.append(kinds or " ".join(words.modes[mode] for mode in hit.document["modes"]))
    return "　".join(part for part in parts if part)


def _price_in_words(prices: Mapping[str, int], wanted: str, words: _Words) -> str:
    """「计时托 18 元/时起」: the mode asked for, else the one that fits a few hours best."""
    mode = wanted if wanted in prices else next((mode for mode in PRICE_ORDER if mode in prices), "")
    if not mode:
        return ""
    return words.price % {"mode": words.modes[mode], "price": words.yuan(prices[mode]), "unit": words.units[mode]}
