"""The site's own icons: one line weight, stored as symbols in one file, put inline into the page."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SYMBOL = re.compile(r'<symbol id="([a-z-]+)" viewBox="([^"]+)">(.*?)</symbol>', re.DOTALL)


@cache
def load_symbols() -> dict[str, tuple[str, str]]:
    """Name → (viewBox, drawing) of every symbol in ``static/img/icons.svg``."""
    path = finders.find("img/icons.svg")
    text = Path(str(path)).read_text(encoding="utf-8")
    return {name: (box, drawing) for name, box, drawing in SYMBOL.findall(text)}


@cache
def render_icon(name: str, extra_class: str = "") -> SafeString:
    """The icon as inline SVG, hidden from screen readers: there is always text next to it.

    Raises ``KeyError`` for an unknown name, so that a misspelt icon fails in the first test that renders it.
    """
    box, drawing = load_symbols()[name]
    css = f"icon {extra_class}".strip()
    return format_html(
        '<svg class="{}" viewBox="{}" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"'
        ' stroke-linejoin="round" aria-hidden="true">{}</svg>',
        css,
        box,
        mark_safe(drawing),  # noqa: S308  # markup of a file of this repository, never of input
    )
