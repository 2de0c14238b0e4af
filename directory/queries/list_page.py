"""What the list page shows, as prepared strings: a card costs the template a handful of look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cms.core import wording
from directory.extension import CardPlaces
from directory.queries.finding import Found
from directory.search.engine import Hit, SearchQuery
from directory.search.labels import label_of

# Who asks for a few hours pays by the hour or block; a fixed window is the next best.
PRICE_ORDER = ("hourly", "temporary", "half_day", "full_day", "half_month")
_PLACEHOLDER = "000000000000"


@dataclass(frozen=True, slots=True)
class Card:
    """One institution on the list. ``name`` and ``note`` are escaped, with what was searched marked."""

    href: str
    name: SafeString
    tags: Sequence[tuple[str, str]]
    note: SafeString
    address: SafeString
    ribbon: SafeString | None
    words: str
    tone: str
    price: str
    stamp: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading; ``ruled`` headings are seen, others are for screen readers."""

    title: str
    ruled: bool
    cards: Sequence[Card]


def make_groups(found: Found, query: SearchQuery, *, tail: str, tiers: bool) -> list[Group]:
    """Cards in the order of the result: who can take the child, then who can't; each time the unplaced last."""
    free = found.free if tiers else None
    words = _Words()
    groups: list[Group] = []
    for (can, located), hits in _runs(found.result.hits, free, by_place=query.near is not None):
        cards = [_card(hit, found.cards.get(hit.pk), query, words, tail=tail) for hit in hits]
        groups.append(_group(can, located, cards, found))
    return groups


class _Words:
    """What every card says, looked up once a page; and the address of an institution without resolving it anew."""

    def __init__(self) -> None:
        self.filed, self.permitted = _("已备案"), _("已许可")
        self.shown, self.inclusive = label_of("demonstration", "true"), label_of("inclusive", "true")
        self.price = _("%(mode)s %(price)s%(unit)s起")
        self.units = {"hourly": _("/时"), "half_day": _("/半天"), "full_day": _("/天"), "temporary": _("/次")}
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


def _group(can: bool | None, located: bool, cards: list[Card], found: Found) -> Group:
    if not located:
        return Group(_("位置未登记，量不出距离"), True, cards)
    if can is None:
        return Group(_("机构名单"), False, cards)
    if can:
        return Group(_("能照看的 %d 家") % found.result.first_count, False, cards)
    return Group(_("暂时不能照看的 %d 家") % (found.result.count - found.result.first_count), True, cards)


def _card(hit: Hit, places: CardPlaces | None, query: SearchQuery, words: _Words, *, tail: str) -> Card:
    document = hit.document
    return Card(
        href=words.address(document["id"]) + tail,
        name=_marked(hit, "name"),
        tags=_tags(document, words),
        note=_note(hit),
        # The street says enough, unless the address is what was searched for.
        address=_marked(hit, "address") if "address" in hit.highlights else SafeString(),
        ribbon=places.ribbon if places else None,
        words=places.words if places else "",
        tone=places.tone if places else "no",
        price=_price_in_words(document["prices"], query.mode, words),
        stamp=places.stamp if places and (places.ribbon or places.words) else "",
        stale=places.stale if places else False,
    )


def _marked(hit: Hit, field: str) -> SafeString:
    """The field with its hits marked, or as it stands."""
    if field in hit.highlights:
        return mark_safe(hit.highlights[field])  # noqa: S308 - escaped where the marks are set
    return escape(hit.document[field])


def _tags(document: Mapping[str, Any], words: _Words) -> list[tuple[str, str]]:
    tags = [("filed", words.permitted if document["basis"] == "permit" else words.filed)] if document["basis"] else []
    if document["demonstration"]:
        tags.append(("show", words.shown))
    if document["inclusive"]:
        tags.append(("inclusive", words.inclusive))
    return tags


def _note(hit: Hit) -> SafeString:
    """「珠江路街道　0.6 公里　乳儿班 托小班」"""
    parts = [str(_marked(hit, "street_name"))]
    if hit.distance_km is not None:
        parts.append(wording.kilometres(hit.distance_km))
    kinds = " ".join(label_of("class_kind", kind) for kind in hit.document["class_kinds"])
    parts.append(kinds or " ".join(label_of("mode", mode) for mode in hit.document["modes"]))
    return mark_safe("　".join(part for part in parts if part))  # noqa: S308 - the name is escaped, the rest is ours


def _price_in_words(prices: Mapping[str, int], wanted: str, words: _Words) -> str:
    """「计时托 18 元/时起」: the mode asked for, else the one that fits a few hours best."""
    mode = wanted if wanted in prices else next((mode for mode in PRICE_ORDER if mode in prices), "")
    if not mode:
        return ""
    unit = words.units.get(mode, "")
    return words.price % {"mode": label_of("mode", mode), "price": wording.yuan(prices[mode]), "unit": unit}
