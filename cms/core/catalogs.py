"""One look-up a translated word instead of eleven.

Our msgids are Chinese and stand in no catalogue, so Django's ``gettext`` asks every fallback of the merged catalogue in
turn; Wagtail's packages bring ten. A page of ribbons asks hundreds of times. Merging the fallbacks once changes no
answer: an entry of an earlier catalogue stays before that of a later one.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import trans_real


def merge_fallbacks(language: str | None = None) -> int:
    """Take the words of all fallbacks into the language's catalogue; returns how many fallbacks there were."""
    catalogue: Any = trans_real.translation(language or settings.LANGUAGE_CODE)
    merged = 0
    fallback = catalogue._fallback
    while fallback is not None:
        for key, words in (getattr(fallback, "_catalog", None) or {}).items():
            if key not in catalogue._catalog:
                catalogue._catalog[key] = words
        fallback = fallback._fallback
        merged += 1
    catalogue._fallback = None
    return merged
