"""The cards of the list, in groups of those who can take the child and the rest.

Each card is drawn with ``format_html``: as a template, twenty of them cost a fifth of the page (ADR 55).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.core.display import wording
from directory.register.fees import month_words, shown_mode, unit_fee_words
from directory.search.engine import Hit
from directory.search.labels import label_of
from directory.site.components.card_places import NO_PLACES, CardPlaces, places_html
from directory.site.components.phones import dialled
from directory.site.components.tags import make_tags
from directory.site.queries.finding import Found
from directory.site.queries.listing import ListQuestion

CARD = """<li class="card place"><div><h3><a href="{href}">{name}</a></h3>{tags}</div>
<p class="small soft">{street}{note}</p>{address}{places}</li>"""
_PLACEHOLDER = "000000000000"


@dataclass(frozen=True, slots=True)
class Group:
    """Cards under one heading; ``ruled`` headings are seen, others are for screen readers."""

    title: str
    ruled: bool
    cards: Sequence[SafeString]


def make_groups(found: Found, question: ListQuestion, places: Mapping[int, CardPlaces], *, tail: str) -> list[Group]:
    """Cards in the order of the result: who can take the child, then who can't; each time the unplaced last.

    ``places`` by institution, for those that have any to show; ``tail`` is the query string for their pages.
    """
    free = None if question.show_all else found.free
    writer = CardWriter(mode=question.mode, tail=tail, contacts=question.need.day is None)
    groups: list[Group] = []
    for (can, located), hits in _runs(found.result.hits, free, by_place=question.position is not None):
        cards = [writer.card(hit, places.get(hit.pk, NO_PLACES)) for hit in hits]
        groups.append(_group(can, located, cards, found))
    return groups


class CardWriter:
    """The cards of one page; what many of them say is made once.

    ``mode`` is the mode asked for, "" for any; ``tail`` the query string for the institutions' pages; ``contacts``
    shows address, hours and telephone, as a register does.
    """

    def __init__(self, *, mode: str, tail: str, contacts: bool = False) -> None:
        self._mode, self._contacts = mode, contacts
        self._tags = functools.cache(_tags_html)
        self._price = functools.cache(price_text)
        self._href = reverse("directory:institution-detail", args=[_PLACEHOLDER]) + tail

    def card(self, hit: Hit, places: CardPlaces) -> SafeString:
        """One institution as ``<li>``. The street says enough, unless the address is what was searched for."""
        document = hit.document
        street, note = _marked(hit, "street_name"), note_text(hit)
        address = contact_line(hit, places.hours) if self._contacts else hit.highlights.get("address", "")
        return format_html(
            CARD,
            href=self._href.replace(_PLACEHOLDER, document["id"]),
            name=_marked(hit, "name"),
            tags=self._tags(document["basis"], document["demonstration"], document["inclusive"]),
            street=street,
            note=f"　{note}" if street and note else note,
            address=format_html('<p class="small soft">{}</p>', address) if address else "",
            places=places_html(places, price=places.price or self._usual_price(hit.document)),
        )

    def _usual_price(self, document: Mapping[str, Any]) -> str:
        mode = shown_mode(document["prices"], self._mode)
        return self._price(mode, document["prices"][mode], document.get("month_price")) if mode else ""


def contact_line(hit: Hit, hours: str) -> SafeString:
    """「珠江路88号　8:00–18:00　0379-00000000」, what is known of it."""
    phone = str(hit.document.get("phone", ""))
    link = format_html('<a class="nowrap" href="tel:{}">{}</a>', dialled(phone), phone) if phone else ""
    parts = (_marked(hit, "address"), format_html('<span class="nowrap">{}</span>', hours) if hours else "", link)
    return format_html_join("　", "{}", [(part,) for part in parts if part])


def price_text(mode: str, fee: int, month: int | None = None) -> str:
    """「计时托 18 元/小时起　1,520 元/月起」; the lowest fees in fen, that of the mode for the unit that is shown."""
    words = _("%(mode)s %(price)s起") % {"mode": label_of("mode", mode), "price": unit_fee_words(mode, fee)}
    return words if month is None else f"{words}　" + _("%s起") % month_words(month)


def note_text(hit: Hit) -> str:
    """「0.6 公里　乳儿班 托小班」; the modes where no class is known."""
    kinds = [label_of("class_kind", kind) for kind in hit.document["class_kinds"]]
    offered = " ".join(kinds or [label_of("mode", mode) for mode in hit.document["modes"]])
    if hit.distance_km is None:
        return offered
    distance = wording.kilometres(hit.distance_km)
    return f"{distance}　{offered}" if offered else distance


def _tags_html(basis: str, demonstration: bool, inclusive: bool) -> SafeString:
    tags = make_tags(basis=basis, demonstration=demonstration, inclusive=inclusive)
    if not tags:
        return SafeString("")
    return format_html('<p class="row">{}</p>', format_html_join("", '<span class="tag tag--{}">{}</span>', tags))


def _marked(hit: Hit, field: str) -> str:
    """The field's text; safe HTML with the hits marked where it was hit."""
    return hit.highlights.get(field) or str(hit.document[field])


def _runs(
    hits: Sequence[Hit], free: Mapping[int, int] | None, *, by_place: bool
) -> Iterator[tuple[tuple[bool | None, bool], list[Hit]]]:
    """Hits that follow one another under one heading: can take the child (None if not asked), has a position."""
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
