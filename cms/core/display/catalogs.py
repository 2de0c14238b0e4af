"""One look-up a translated word instead of forty.

Our msgids are Chinese and stand in no catalogue, so Django's ``gettext`` asks every part of the merged catalogue (one
an app, since it never recognises their plural rules as the same) and then every fallback, ten of them from Wagtail. A
page of ribbons asks hundreds of times. Merging them once changes no answer: what was asked first still wins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import trans_real

COUNTS = (0, 1, 2, 5, 11, 100)


def merge_catalogs(language: str | None = None) -> int:
    """Merge the parts and fallbacks of a language's catalogue; returns how many there were beside the first.

    Parts whose plural rule differs from the first one's stay as they are, and then nothing is merged.
    """
    translation: Any = trans_real.translation(language or settings.LANGUAGE_CODE)
    parts, rules = list(translation._catalog._catalogs), list(translation._catalog._plurals)
    fallback = translation._fallback
    while fallback is not None:
        if words := getattr(fallback, "_catalog", None):
            parts.append(words)
            rules.append(fallback.plural)
        fallback = fallback._fallback
    if any(_counts(rule) != _counts(rules[0]) for rule in rules):
        return 0
    merged: dict[Any, str] = {}
    for words in reversed(parts):
        merged.update(words)
    translation._catalog._catalogs = [merged]
    translation._catalog._plurals = rules[:1]
    translation._fallback = None
    return len(parts) - 1


def _counts(rule: Callable[[int], int]) -> tuple[int, ...]:
    return tuple(rule(number) for number in COUNTS)
