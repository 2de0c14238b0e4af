"""Reads the yearly notice of the State Council on holidays, as text or as a table, or lines of the same kind.

「一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。」 gives four days. What a line says twice
(the weekday beside a date, the number of days) is checked; a line that can't be read is named, and nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from cms.core.enums import CalendarDayKind

WEEKDAYS = "一二三四五六日"
LONGEST = 31
_DATE = r"(?:(?P<year{n}>\d{{4}})年)?(?:(?P<month{n}>\d{{1,2}})月)?(?P<day{n}>\d{{1,2}})日(?:（(?P<note{n}>[^）]*)）)?"
DATE = re.compile(_DATE.format(n=""))
SPAN = re.compile(_DATE.format(n="1") + r"(?:\s*[至到\-–—~]\s*" + _DATE.format(n="2") + r")?")
HEAD = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<name>[^：:\d]{1,30})[：:]\s*(?P<rest>.*\d日.*)$")
CELLS = re.compile(r"\t+|\s*[|｜]\s*")
COUNT = re.compile(r"(?:共\s*)?(\d+)\s*天")
WEEKDAY = re.compile(rf"(?:周|星期)([{WEEKDAYS}天])")
#: What the dates beside it are: days off, or days worked.
MARK = re.compile(r"(?P<off>放假|休假|休息|共\s*\d+\s*天)|(?P<work>上班|补班)")
COUNTED = "共"
SWAPPED = "调休"
WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One day that differs from the plain week."""

    date: dt.date
    kind: str
    name: str


@dataclass(slots=True)
class HolidayNotice:
    """What was read: the days in order, and the lines that could not be, in words."""

    days: list[NoticeDay] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Unreadable(ValueError):
    """What is wrong with a line, in words."""


class Parted(NamedTuple):
    """The words of a sentence with its dates off, and those with its dates worked."""

    off: str
    work: str


def read_notice(text: str, year: int) -> HolidayNotice:
    """The days of a notice for a year. Lines without a holiday's name and dates are left out (title, greeting)."""
    found = HolidayNotice()
    for number, line in enumerate(text.translate(str.maketrans("()", "（）")).splitlines(), start=1):
        try:
            days = _read_line(line, year)
        except Unreadable as fault:
            found.faults.append(_("第 %(number)d 行：%(fault)s") % {"number": number, "fault": fault})
        else:
            found.days += days
    found.faults += _twice(found.days)
    found.days.sort(key=lambda day: day.date)
    if not found.days and not found.faults:
        found.faults.append(_("没有读到放假日期。请一行写一个节日，例如：国庆节：10月1日至7日放假。"))
    return found


def _read_line(line: str, year: int) -> list[NoticeDay]:
    cells = [cell.strip() for cell in CELLS.split(line.strip()) if cell.strip()]
    if len(cells) > 1:
        return _read_cells(cells, year)
    head = HEAD.match(line)
    if head is None:
        if "日" in line and MARK.search(line):
            raise Unreadable(_("看不出是哪个节日。请写成「国庆节：10月1日至7日放假」。"))
        return []
    parted = [_parted(part) for part in re.split(r"[。；;]", head["rest"]) if DATE.search(part)]
    return _days(head["name"].strip(), parted, year, counted=head["rest"])


def _read_cells(cells: list[str], year: int) -> list[NoticeDay]:
    """A row of a table: name, days off, and in any order the number of days and the days worked."""
    dated = [cell for cell in cells[1:] if DATE.search(cell)]
    if not dated:
        return []  # the head of the table
    count = next((cell for cell in cells[1:] if COUNT.fullmatch(cell)), " ".join(dated))
    parted = [_parted(dated[0]), *(_parted(cell) if _says(cell) else Parted("", cell) for cell in dated[1:])]
    return _days(cells[0], parted, year, counted=count)


def _says(words: str) -> bool:
    """Whether the words themselves say off or worked; a number of days alone does not."""
    return any(not mark[0].startswith(COUNTED) for mark in MARK.finditer(words))


def _parted(words: str) -> Parted:
    """The dates off and the dates worked of a sentence; each mark is behind its dates, or all are before theirs."""
    marks = list(MARK.finditer(words))
    if not any(mark["work"] for mark in marks):
        if SWAPPED in words and not marks:
            raise _mixed()
        return Parted(words, "")
    if all(mark["work"] for mark in marks):
        return Parted("", words)
    first = DATE.search(words)
    ahead = first is not None and marks[0].start() < first.start()
    edges = [0, *(edge for mark in marks for edge in mark.span()), len(words)]
    between = [words[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    own = list(zip(marks, between[1:] if ahead else between[:-1], strict=True))
    rest = between[0] if ahead else between[-1]
    off = "，".join(part for mark, part in own if mark["off"])
    work = [part for mark, part in own if mark["work"]]
    if DATE.search(rest) or not DATE.search(off) or not all(DATE.search(part) for part in work):
        raise _mixed()
    return Parted(off, "，".join(work))


def _mixed() -> Unreadable:
    return Unreadable(_("分不清哪几天放假、哪几天上班。请写成「国庆节：10月1日至7日放假。10月10日上班。」"))


def _days(name: str, parted: list[Parted], year: int, *, counted: str) -> list[NoticeDay]:
    off = [day for part in parted for day in _spans(part.off, year)]
    worked = [day for part in parted for day in _spans(part.work, year)]
    if not off and not worked:
        raise Unreadable(_("没有读到日期。"))
    said = COUNT.search(counted)
    if said and int(said[1]) != len(off):
        words = _("写的是共 %(said)s 天，读到的日期是 %(read)d 天，请核对。")
        raise Unreadable(words % {"said": said[1], "read": len(off)})
    _check_worked(worked)
    return [
        *(NoticeDay(day, CalendarDayKind.HOLIDAY.value, name) for day in off),
        *(NoticeDay(day, CalendarDayKind.WORKDAY.value, _("%(name)s调休") % {"name": name}) for day in worked),
    ]


def _check_worked(days: list[dt.date]) -> None:
    """Only a day that is off in a plain week can be one that is worked instead."""
    for day in days:
        if day.weekday() not in WEEKEND:
            words = _("「%(month)d月%(day)d日」是周%(weekday)s，本来就上班，不用写，请核对。")
            raise Unreadable(words % {"month": day.month, "day": day.day, "weekday": WEEKDAYS[day.weekday()]})


def _spans(words: str, year: int) -> list[dt.date]:
    """Every day that the words name; a date without a month is of the month named last."""
    days: list[dt.date] = []
    month = ""
    for span in SPAN.finditer(words):
        month = span["month1"] or month
        first = _date(span["year1"] or str(year), month, span["day1"], span["note1"])
        last = first
        if span["day2"]:
            month = span["month2"] or month
            last = _date(span["year2"] or str(first.year), month, span["day2"], span["note2"])
        length = (last - first).days
        if not 0 <= length < LONGEST:
            raise Unreadable(_("「%(span)s」的起止不对，请核对。") % {"span": span[0]})
        days += [first + dt.timedelta(days=number) for number in range(length + 1)]
    return days


def _date(year: str, month: str, day: str, note: str | None) -> dt.date:
    written = f"{month}月{day}日"
    if not month:
        raise Unreadable(_("「%(day)s日」没有写月份。") % {"day": day})
    try:
        date = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable(_("没有「%(date)s」这一天。") % {"date": written}) from None
    said = WEEKDAY.search(note or "")
    weekday = WEEKDAYS[date.weekday()]
    if said and said[1].replace("天", "日") != weekday:
        words = _("「%(date)s」写的是周%(said)s，%(year)d 年这一天是周%(weekday)s，请核对年份和日期。")
        raise Unreadable(words % {"date": written, "said": said[1], "year": date.year, "weekday": weekday})
    return date


def _twice(days: list[NoticeDay]) -> list[str]:
    seen: set[dt.date] = set()
    twice: list[dt.date] = []
    for day in days:
        if day.date in seen and day.date not in twice:
            twice.append(day.date)
        seen.add(day.date)
    return [_("%(month)d月%(day)d日写了两次。") % {"month": day.month, "day": day.day} for day in twice]
