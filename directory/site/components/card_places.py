"""Free places on a card: the ribbon of the day, the answer next to the price, and when it was confirmed.

Few answers and stamps of a page differ, so they are drawn once each.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class CardPlaces:
    """The places part of a card; ``tone`` is ``yes``, ``few`` or ``no``, ``hours`` when it is open that day.

    ``price`` is that of the asked hours, or "".
    """

    ribbon: SafeString | None
    words: str
    tone: str
    stamp: str
    stale: bool
    hours: str = ""
    price: str = ""


NO_PLACES = CardPlaces(ribbon=None, words="", tone="no", stamp="", stale=False)
NOTHING = SafeString("")


def places_html(places: CardPlaces, *, price: str) -> SafeString:
    """Ribbon, 「有 4 位」 with the price on one line, stamp; each only where there is something to show."""
    shown = places.ribbon or places.words
    return format_html(
        "{}{}{}",
        format_html("<div>{}</div>", places.ribbon) if places.ribbon else NOTHING,
        _answer(places.words, places.tone, price),
        _stamp(places.stamp, places.stale) if shown else NOTHING,
    )


@functools.lru_cache(maxsize=512)
def _answer(words: str, tone: str, price: str) -> SafeString:
    if not words and not price:
        return NOTHING
    tag = "span" if tone == "no" else "strong"
    answer = format_html('<{0} class="{1}">{2}</{0}>', tag, tone, words) if words else NOTHING
    fee = format_html('<span class="small soft">{}</span>', price) if price else NOTHING
    return format_html('<p class="answer">{}{}</p>', answer, fee)


@functools.lru_cache(maxsize=512)
def _stamp(text: str, stale: bool) -> SafeString:
    """When the institution vouched for what is shown."""
    return format_html('<p class="{}">{}</p>', "stamp stamp--stale" if stale else "stamp", text) if text else NOTHING
