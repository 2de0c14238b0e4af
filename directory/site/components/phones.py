"""Telephone numbers as telephones want them."""

from __future__ import annotations


def dialled(phone: str) -> str:
    """The number as a telephone dials it."""
    return "".join(character for character in phone if character.isdigit() or character == "+")
