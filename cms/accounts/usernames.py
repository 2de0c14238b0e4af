"""The one form of a user name."""

from __future__ import annotations

import unicodedata


def normalise_username(typed: str) -> str:
    """Lower case, full-width letters as plain ones, no blanks around: ``" Ａnna "`` → ``"anna"``."""
    return unicodedata.normalize("NFKC", typed).strip().lower()
