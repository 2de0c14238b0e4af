"""What the JSON API takes in: days and moments that can be reckoned with, and text that a database can keep."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime

from cms.core.errors import InvalidInput

# Nothing this site keeps lies outside; near the ends of the calendar the next day, or the day of another zone, is none.
FIRST_YEAR, LAST_YEAR = 1900, 2200
AnyDay = TypeVar("AnyDay", dt.date, dt.datetime)


class UnusableText(InvalidInput):
    """A NUL or half of a surrogate pair: no database keeps it, and nobody types it."""

    message = _("内容里有不能用的字符。")


def _in_reach(value: AnyDay) -> AnyDay:
    if not FIRST_YEAR <= value.year < LAST_YEAR:
        raise ValueError("out of reach")
    return value


Day = Annotated[dt.date, AfterValidator(_in_reach)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]


class PlainTextParser(Parser):
    """JSON and query strings as usual, but `UnusableText` (422) for text that can't be kept or looked up."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body, in UTF-8 and nothing else: `json.loads` would guess at bytes, and take halves of pairs in them.

        Then only an escape can bring such a character past the JSON parser, so most bodies aren't walked.
        """
        value = json.loads(request.body.decode())
        if b"\\u" in request.body and not is_usable(value):
            raise UnusableText
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, str], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The query, the last value of each name."""
        found = super().parse_querydict(data, list_fields, request)
        wrong = {name: str(UnusableText.message) for name, value in found.items() if not is_usable(value)}
        if wrong:
            raise UnusableText(fields=wrong)
        return found


def is_usable_text(text: str) -> bool:
    """Whether a database can keep the text."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def is_usable(value: Any) -> bool:
    """Whether a database can store every text of a value read from JSON."""
    if isinstance(value, str):
        return is_usable_text(value)
    if isinstance(value, dict):
        return all(is_usable(name) and is_usable(each) for name, each in value.items())
    return all(is_usable(each) for each in value) if isinstance(value, list) else True
