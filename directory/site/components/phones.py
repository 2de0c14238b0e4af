"""Telephone numbers as telephones want them."""

from __future__ import annotations


def dialled(phone: str) -> str:
    """The number as a telephone dials it, without what is asked for after it: 「转 801」."""
    return "".join(character for character in phone.partition("转")[0] if character.isdigit() or character == "+")
