"""Counts of places. A count is exact or it is refused: 约60, 60-80 and 60+20 say nothing a place can be sold by."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula

MOST_PLACES = 9999
_UNIT = r"(?:个|名|人|位|张)?(?:托位|位|婴幼儿)?"
_WHOLE = re.compile(rf"(\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.0+)? ?{_UNIT}")
_NEGATIVE = re.compile(rf"[-−－负] ?\d+(?:\.\d+)? ?{_UNIT}")
_HAN = re.compile(rf"([零〇一二两三四五六七八九十百千]+) ?{_UNIT}")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}


def parse_count(value: Value) -> int | None:
    """Places in a cell; None for an empty one.

    Raises ``BadCell``: formula, places_negative, places_vague, places_too_many.
    """
    refuse_formula(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time, dt.timedelta, bool)):
        raise BadCell("places_vague", _("这一格不是数字，请填一个确定的托位数，例如 60"))
    text = clean_text(value).replace("，", ",")
    if is_nothing(text):
        return None
    if _NEGATIVE.fullmatch(text):
        raise BadCell("places_negative", _("托位数不能是负数，请填 0 或更大的整数"))
    number = _whole_number(text)
    if number is None:
        raise BadCell("places_vague", _("托位数要填一个确定的整数，例如 60；不写“约”“左右”，也不写范围"))
    if number > MOST_PLACES:
        raise BadCell("places_too_many", _("托位数大得不像真的，请核对"))
    return number


def _whole_number(text: str) -> int | None:
    match = _WHOLE.fullmatch(text)
    if match:
        return int(match[1].replace(",", ""))
    match = _HAN.fullmatch(text)
    return _han_number(match[1]) if match else None


def _han_number(text: str) -> int | None:
    """六十, 一百二十, 一百零五; None if the characters don't make a number."""
    total, digit, last_unit = 0, None, 10_000
    for character in text:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
            continue
        unit = _TENS[character]
        if unit >= last_unit:
            return None
        total += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    return total + (digit or 0)
