"""Dates as lists write them: 2023/12/5, 2023年12月5日, 2023.12.5, 20231205, and Excel's own day numbers."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext as _

from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula

EARLIEST = dt.date(2000, 1, 1)
EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_EPOCH_1904 = dt.date(1904, 1, 1)
_LATEST_SERIAL = 73_050  # the year 2099
_TIME = r"(?:[ T]?(?:上午|下午)? ?\d{1,2}[:：时]\d{1,2}.*)?"
_WEEKDAY = r"(?: ?[(（]?(?:星期|周)[一二三四五六日天][)）]?)?"
_WHOLE = re.compile(rf"(\d{{4}}) ?[-/.年．。、–—] ?(\d{{1,2}}) ?[-/.月．。、–—] ?(\d{{1,2}}) ?[日号]?{_WEEKDAY}{_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_NO_DAY = re.compile(r"\d{4} ?[-/.年．] ?\d{1,2} ?月?份?|\d{4} ?年?|\d{6}")


def parse_date(value: Value, *, today: dt.date, epoch: dt.date = EXCEL_EPOCH) -> dt.date | None:
    """The day in a cell; None for an empty one.

    Raises ``BadCell``: formula, date_vague (no day), date_unreadable, date_impossible (30 February, before 2000),
    date_future.
    """
    refuse_formula(value)
    if isinstance(value, dt.datetime):
        return _plausible(value.date(), today)
    if isinstance(value, dt.date):
        return _plausible(value, today)
    text = clean_text(value)
    if is_nothing(text):
        return None
    return _plausible(_read(text, epoch), today)


def _read(text: str, epoch: dt.date) -> dt.date:
    match = _WHOLE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _made(int(match[1]), int(match[2]), int(match[3]))
    match = _SERIAL.fullmatch(text)
    if match and int(match[1]) <= _LATEST_SERIAL:
        return epoch + dt.timedelta(days=int(match[1]))
    if _NO_DAY.fullmatch(text):
        raise BadCell("date_vague", _("日期要写到哪一天，例如 2023年12月5日"))
    raise BadCell("date_unreadable", _("看不懂这个日期，请写成 2023-12-05 这样"))


def _made(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise BadCell("date_impossible", _("没有这一天，请核对年月日")) from None


def _plausible(day: dt.date, today: dt.date) -> dt.date:
    if day < EARLIEST:
        raise BadCell("date_impossible", _("日期早得不像真的，请核对年份"))
    if day > today:
        raise BadCell("date_future", _("日期在今天之后，请核对"))
    return day
