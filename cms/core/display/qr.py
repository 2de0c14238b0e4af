"""QR codes as drawings inside the page: squares in one path, without scripts, styles or files."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def draw_qr(text: str) -> SafeString:
    """The code of a text as an `<svg>` that scales; a margin of four squares belongs to it, as the standard asks."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, svgclass=None, lineclass=None))  # noqa: S308  # squares only
