"""What a shared link says of a page."""

from __future__ import annotations

from django.utils.text import Truncator
from wagtail.blocks import StreamValue
from wagtail.rich_text import get_text_for_indexing

MOST_CHARACTERS = 80


def first_words(body: StreamValue) -> str:
    """The beginning of the first paragraph, without its markup; "" where there is none."""
    first = body.first_block_by_name("paragraph")
    text = get_text_for_indexing(first.value.source) if first is not None else ""
    return Truncator(" ".join(text.split())).chars(MOST_CHARACTERS, truncate="…")
