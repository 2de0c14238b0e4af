"""How days, clock times, ages, money and distances are written for people."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cms.core.calendar.times import local

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def local_day(value: dt.date | dt.datetime) -> dt.date:
    """The calendar day of a date or moment on the wall clock of the site."""
    if isinstance(value, dt.datetime):
        return (local(value) if timezone.is_aware(value) else value).date()
    return value


def weekday(value: dt.date | dt.datetime) -> str:
    """周四"""
    return WEEKDAYS[local_day(value).weekday()]


def day(value: dt.date | dt.datetime) -> str:
    """11月26日 周四"""
    date = local_day(value)
    return f"{date.month}月{date.day}日 {WEEKDAYS[date.weekday()]}"


def days(first: dt.date, last: dt.date) -> str:
    """11月26日 周四, or 11月26日 周四至11月28日 周六"""
    if first == last:
        return day(first)
    return _("%(first)s至%(last)s") % {"first": day(first), "last": day(last)}


def full_date(value: dt.date | dt.datetime) -> str:
    """2026年11月26日"""
    date = local_day(value)
    return f"{date.year}年{date.month}月{date.day}日"


def whole_moment(iso: str) -> str:
    """2026年11月26日 14:00, from ISO 8601; "" from nothing."""
    if not iso:
        return ""
    value = dt.datetime.fromisoformat(iso)
    return f"{full_date(value)} {clock(value)}"


def plain_date(value: dt.date | dt.datetime, today: dt.date) -> str:
    """12月1日; the year only when it is another one."""
    date = local_day(value)
    return f"{date.month}月{date.day}日" if date.year == today.year else full_date(date)


def month(value: dt.date | dt.datetime) -> str:
    """2027年6月"""
    date = local_day(value)
    return f"{date.year}年{date.month}月"


def clock(value: dt.datetime | dt.time) -> str:
    """14:00, and 8:30 without a leading zero."""
    time = local(value).time() if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    return f"{time.hour}:{time.minute:02d}"


def period(start: dt.datetime | dt.time, end: dt.datetime | dt.time) -> str:
    """14:00–17:00"""
    return f"{clock(start)}–{clock(end)}"


def moment(value: dt.datetime) -> str:
    """11月26日 周四 14:00"""
    return f"{day(value)} {clock(value)}"


def near_day(value: dt.date | dt.datetime, today: dt.date) -> str:
    """今天, 明天, 昨天, else the day; the year only when it is another one."""
    date = local_day(value)
    words = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}
    if (word := words.get((date - today).days)) is not None:
        return word
    return day(date) if date.year == today.year else full_date(date)


def as_of(value: dt.datetime, today: dt.date) -> str:
    """截至今天 10:32"""
    return _("截至%(day)s %(clock)s") % {"day": near_day(value, today), "clock": clock(value)}


def duration(minutes: int) -> str:
    """2 小时, 1.5 小时, 半小时, 45 分钟"""
    if minutes == 30:
        return _("半小时")
    if minutes % 30 == 0:
        return _("%g 小时") % (minutes / 60)
    return _("%d 分钟") % minutes


def hours_and_minutes(minutes: int) -> str:
    """42 分钟, 2 小时 5 分钟: to the minute, for how late somebody is."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%d 分钟") % rest
    return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": rest} if rest else _("%d 小时") % hours


def duration_within(minutes: int) -> str:
    """The same after other words: a number has a blank before it, a word has none."""
    text = duration(minutes)
    return f" {text}" if text[:1].isdigit() else text


def months(value: int) -> str:
    """17 个月"""
    return _("%(count)s 个月") % {"count": value}


def taken_from(months: int, since: dt.date) -> str:
    """宝宝满 24 个月后可预约（2027年6月）: the age that is taken next, and the month in which the child reaches it."""
    return _("宝宝满 %(months)d 个月后可预约（%(month)s）") % {"months": months, "month": month(since)}


def yuan(fen: int) -> str:
    """54 元 from 5400 fen; parts of a yuan only where there are some."""
    sign, (whole, part) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    text = f"{sign}{whole:,}.{part:02d}" if part else f"{sign}{whole:,}"
    return _("%(amount)s 元") % {"amount": text}


def kilometres(value: float | Decimal) -> str:
    """0.6 公里; under 100 metres 「不到 0.1 公里」."""
    distance = Decimal(str(value))
    if distance < Decimal("0.05"):
        return _("不到 0.1 公里")
    rounded = distance.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return _("%(distance)s 公里") % {"distance": rounded}
