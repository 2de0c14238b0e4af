"""The one form of a user name."""

from __future__ import annotations

from cms.core.text import folded


def normalise_username(typed: str) -> str:
    """Lower case, half width, no marks nobody sees, no blanks around: ``" Ａnna "`` → ``"anna"``."""
    return folded(typed).strip().lower()
