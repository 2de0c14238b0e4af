"""Telephone numbers as people write them: which can be dialled, and which belong to a person and not to the public."""

from __future__ import annotations

import re

from cms.core.text import compact, folded

_BETWEEN_NUMBERS = re.compile(r"[、,，;；/／|\n]|或|及|和")
_SIGNS = "-－—–‐−·.()（）"
_FILLING = re.compile(rf"[{_SIGNS}]")
#: Behind a sign it is the country's whatever follows; bare, 86123456 is a line of a town and 8613800138000 is not.
_COUNTRY = re.compile(r"(?:\+|00)86|86(?=\d{9})")
_MOBILE = re.compile(r"1[3-9]\d{9}")
#: A line with its area code and perhaps an extension, 400 and 800 numbers, short numbers of services.
_LINE = re.compile(r"(?:0(?:10|2\d)\d{7,8}|0[3-9]\d{2}\d{7,8}|[48]00\d{7})(?:转\d{1,6})?|1\d{2,5}|9\d{4,5}")
_BETWEEN_GROUPS = rf"[{_SIGNS} ]{{0,3}}"
#: A mobile number inside a text, grouped or not, whatever stands around it but digits.
_PERSONAL_MOBILE = re.compile(
    rf"(?<!\d)(?:(?:00)?86{_BETWEEN_GROUPS})?1[3-9]\d{_BETWEEN_GROUPS}\d{{4}}{_BETWEEN_GROUPS}\d{{4}}(?!\d)"
)
_RESIDENT_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dA-Za-z])")
#: A registrar, a kind, an area, and the ten signs of the body: letters with digits before or behind.
_CREDIT_CODE = re.compile(r"(?<![\dA-Za-z])[\dA-Z]{2}\d{6}[\dA-Z]{10}(?![\dA-Za-z])")
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
    read = folded(text)
    return bool(_RESIDENT_ID.search(read) or _PERSONAL_MOBILE.search(_CREDIT_CODE.sub("", read)))


def national(text: str) -> str:
    """One number as it is dialled inside the country: no signs, no code of the country, the area code with its 0."""
    digits = _FILLING.sub("", compact(text))
    own = digits[code.end() :] if (code := _COUNTRY.match(digits)) else digits
    if own == digits or _MOBILE.fullmatch(own) or _LINE.fullmatch(own):
        return own
    return f"0{own}" if _LINE.fullmatch(f"0{own}") else own


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
    return bool(_MOBILE.fullmatch(national(number)))


def _is_line(number: str) -> bool:
    return any(_LINE.fullmatch(national(form)) for form in (number, _EXTENSION.sub(r"转\1", number)))
