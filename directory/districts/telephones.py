"""Telephone numbers as people write them: which can be dialled, and which belong to a person and not to the public."""

from __future__ import annotations

import re

from cms.core.text import compact, folded

_BETWEEN_NUMBERS = re.compile(r"[、,，;；/／|\n]|或|及|和")
_FILLING = re.compile(r"[-－—–‐·.()（）]")
_COUNTRY = re.compile(r"(?:\+|00)?86(?=1\d{10}$|[1-9]\d{8,}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
#: A line with its area code and perhaps an extension, 400 and 800 numbers, short numbers of services.
_LINE = re.compile(r"(?:0(?:10|2\d)\d{7,8}|0[3-9]\d{2}\d{7,8}|[48]00\d{7})(?:转\d{1,6})?|1\d{2,5}|9\d{4,5}")
#: A mobile number, grouped or not, or a resident ID inside a text.
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|\d{17}[\dXx])(?![\dA-Za-z])")
_EXTENSION = re.compile(r"(?<=\d)[-－—–](\d{1,5})$")


def can_be_dialled(text: str) -> bool:
    """Whether every number in the text is one that Chinese exchanges know."""
    numbers = _numbers(text)
    return bool(numbers) and all(_is_mobile(number) or _is_line(number) for number in numbers)


def is_public_line(text: str) -> bool:
    """Whether the text is one number that can be dialled and is no mobile's."""
    numbers = _numbers(text)
    return len(numbers) == 1 and _is_line(numbers[0])


def has_mobile(text: str) -> bool:
    """Whether one of the numbers is a mobile's: a person carries it."""
    return any(_is_mobile(number) for number in _numbers(text))


def has_personal_number(text: str) -> bool:
    """Whether a text that is to be published holds a number of a natural person."""
    return bool(_PERSONAL.search(folded(text)))


def _numbers(text: str) -> list[str]:
    """The numbers of a cell; a blank parts two of them only if they aren't one number together."""
    found = []
    for part in _BETWEEN_NUMBERS.split(text):
        whole = compact(part)
        pieces = [compact(piece) for piece in part.split()]
        if not (_is_mobile(whole) or _is_line(whole)) and all(_is_mobile(each) or _is_line(each) for each in pieces):
            found += pieces
        elif whole:
            found.append(whole)
    return found


def _is_mobile(number: str) -> bool:
    return bool(_MOBILE.fullmatch(_digits(number)))


def _is_line(number: str) -> bool:
    return any(_LINE.fullmatch(_digits(form)) for form in (number, _EXTENSION.sub(r"转\1", number)))


def _digits(number: str) -> str:
    """Without signs; after the code of the country an area code has no 0, which is put back."""
    digits = _FILLING.sub("", number)
    own = _COUNTRY.sub("", digits, count=1)
    return own if own == digits or _MOBILE.fullmatch(own) else f"0{own}"
