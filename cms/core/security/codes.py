"""Identifiers and codes that people or addresses carry."""

from __future__ import annotations

import re
import secrets

from cms.core.text import compact

#: No 0/O, 1/I/L, U/V: read over the telephone without mistakes, and no vowels, so no words.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTWXZ"
PUBLIC_ID_ALPHABET = "0123456789abcdefghijkmnpqrstuvwxyz"
PUBLIC_ID_LENGTH = 12
REFERENCE_LENGTH = 8
_DASHES = re.compile("[-‐-―−]")


def new_public_id() -> str:
    """An opaque identifier for URLs and the API: 12 characters, about 60 random bits."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


def new_reference() -> str:
    """A booking reference of 8 characters that can be read out, e.g. ``K7M29QX4``."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))


def spell_reference(reference: str) -> str:
    """The reference in two groups of four, as people see it: ``K7M2 9QX4``."""
    return f"{reference[:4]} {reference[4:]}".strip()


def new_numeric_code(length: int = 6) -> str:
    """A numeric one-time code, as text with its leading zeros."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def new_secret_token() -> str:
    """A bearer token of 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def typed_code(text: str) -> str:
    """A numeric code as somebody typed or pasted it, always ASCII.

    Width, blanks, dashes and marks that nobody sees mean nothing.
    """
    digits = _DASHES.sub("", compact(text))
    return digits if digits.isascii() else ""
