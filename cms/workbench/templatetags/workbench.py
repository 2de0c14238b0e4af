"""Template words of the workbench: `{% load workbench %}`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.places.models import Booking
from booking.places.place_rules import DayCells
from booking.places.targets import may_look_after
from cms.accounts.family.components.child_lines import allergy_words
from cms.core.calendar.times import local, minutes_of
from cms.core.display import wording
from cms.core.display.ribbon import render_ribbon, render_scale
from cms.workbench.queries.today import ClassBoard
from cms.workbench.queries.week import Week, WeekClass, WeekDay
from directory.districts.class_kinds import CareMode, kind_label
from directory.register import fees
from directory.register.models import CareProduct, ClassGroup, OpeningRule, ProductFee
from directory.register.models.offering import WEEKDAYS

register = template.Library()
register.filter("class_kind", kind_label)
register.filter("local_day", wording.local_day)
register.filter("duration", wording.hours_and_minutes)
register.filter("allergy", allergy_words)


@register.inclusion_tag("workbench/_mark.html", takes_context=True)
def mark_button(context: template.Context, booking: Booking, act: str, text: str, kind: str = "") -> dict[str, Any]:
    """A form of one button. A child who came late after all may need a question first: no swap in the page then."""
    return {
        "booking": booking,
        "act": act,
        "text": text,
        "kind": kind,
        "swap": not (act == "arrive" and booking.status == Booking.Status.ABSENT),
        "csrf_token": context.get("csrf_token"),
        "institution_id": context["institution"].public_id,
    }


@register.inclusion_tag("workbench/_call.html", takes_context=True)
def call_button(context: template.Context, booking: Booking) -> dict[str, Any]:
    """The button behind which the family's numbers stand."""
    return {
        "booking": booking,
        "csrf_token": context.get("csrf_token"),
        "institution_id": context["institution"].public_id,
    }


@register.filter
def may_take(group: ClassGroup) -> int:
    """Children the class may hold with its caregivers."""
    return may_look_after(group)


@register.filter
def hours_in_words(group: ClassGroup) -> list[str]:
    """「周一至周五 8:00–18:00」: neighbouring weekdays with the same hours told together."""
    names = dict(WEEKDAYS)
    spans: list[tuple[int, int, OpeningRule]] = []
    for rule in sorted(group.opening_rules.all(), key=lambda rule: rule.weekday):
        last = spans[-1] if spans else None
        same = last and last[1] == rule.weekday - 1 and (last[2].opens, last[2].closes) == (rule.opens, rule.closes)
        if last and same:
            spans[-1] = (last[0], rule.weekday, last[2])
        else:
            spans.append((rule.weekday, rule.weekday, rule))
    lines = []
    for first, end, rule in spans:
        days = (
            str(names[first]) if first == end else _("%(first)s至%(end)s") % {"first": names[first], "end": names[end]}
        )
        lines.append(f"{days} {wording.period(rule.opens, rule.closes)}")
    return lines


@register.simple_tag
def fee_words(product: CareProduct, fee: ProductFee, step_minutes: int) -> str:
    """「54 元/天」, 「18 元/小时，1,600 元/月」: as parents read it."""
    words = [fees.fee_words(product.mode, fee.fee, step_minutes=step_minutes)]
    if fee.monthly_fee:
        words.append(fees.month_words(fee.monthly_fee))
    return "，".join(words)


@register.simple_tag
def fee_since(fee: ProductFee, today: dt.date) -> str:
    """「12月1日起」, "" where nobody noted the day."""
    return "" if fee.from_date == fees.SINCE_EVER else _("%s起") % wording.plain_date(fee.from_date, today)


MODE_NOTES = {
    CareMode.FULL_DAY: gettext_lazy("一整天，按天收费"),
    CareMode.HALF_DAY: gettext_lazy("上午或下午，按半天收费"),
    CareMode.HOURLY: gettext_lazy("家长选起止时间，按小时收费"),
    CareMode.TEMPORARY: gettext_lazy("固定时段，开始前都能约，按次收费"),
}


@register.filter
def mode_note(mode: str) -> str:
    """One line on what the mode is."""
    return str(MODE_NOTES.get(CareMode(mode), ""))


@register.simple_tag
def class_ribbon(board: ClassBoard, now: dt.datetime) -> SafeString:
    """The class's day as parents see it; what has begun can't be booked any more."""
    opens, closes = board.hours
    since = minutes_of(local(now).time())
    remaining = {minute: free for minute, free in board.places.remaining.items() if minute >= since}
    label = _("%(title)s今天") % {"title": board.title}
    return render_ribbon(label=label, remaining=remaining, opens=opens, closes=closes, step=board.places.step)


@register.simple_tag
def week_ribbon(week: Week, of_class: WeekClass, row: WeekDay) -> SafeString:
    """One day of the week, over the same hours as the others."""
    if row.places is None:
        return SafeString()
    opens, closes = week.hours
    label = _("%(title)s%(day)s") % {"title": of_class.title, "day": wording.day(row.day)}
    return render_ribbon(
        label=label, remaining=row.places.remaining, opens=opens, closes=closes, step=row.places.step, scale=False
    )


@register.simple_tag
def week_scale(week: Week) -> SafeString:
    """The hours of all ribbons of the week, once."""
    return render_scale(*week.hours)


@register.filter
def free_text(places: DayCells) -> str:
    """「空 2–5 位」, 「已满」"""
    most = max(places.remaining.values(), default=0)
    if not most:
        return _("已满")
    least = min(places.remaining.values())
    return _("空 %d 位") % most if least == most else _("空 %(least)d–%(most)d 位") % {"least": least, "most": most}


@register.filter
def week_title(week: Week) -> str:
    """「11月22日–28日」, with both months where they differ."""
    first = wording.day(week.start).split()[0]
    last = wording.day(week.end).split()[0]
    return f"{first}–{last if week.start.month != week.end.month else last.partition('月')[2]}"


STEP_TITLES = {
    "classes": gettext_lazy("班级和保育人员"),
    "hours": gettext_lazy("开放时间"),
    "regular": gettext_lazy("在托宝宝"),
    "products": gettext_lazy("托育方式和收费"),
    "policy": gettext_lazy("预约规则"),
}
STEP_NOTES = {
    "classes": gettext_lazy("有几个班，每班几个托位、几名保育人员"),
    "hours": gettext_lazy("每个班星期几开、几点到几点"),
    "regular": gettext_lazy("已经固定在托的宝宝占几个托位，剩下的才放给家长预约"),
    "products": gettext_lazy("全日、半日、计时、临时，各收多少"),
    "policy": gettext_lazy("提前几天能约、什么时候能免费取消"),
}


@register.filter
def step_title(name: str) -> str:
    """What a step of the setup is called."""
    return str(STEP_TITLES[name])


@register.filter
def step_note(name: str) -> str:
    """What has to be filled in there."""
    return str(STEP_NOTES[name])


UNDO_TEXTS = {
    Booking.Status.ARRIVED: gettext_lazy("撤回签到"),
    Booking.Status.COMPLETED: gettext_lazy("撤回离园"),
    Booking.Status.ABSENT: gettext_lazy("撤回没来"),
}


@register.filter
def undo_text(status: str) -> str:
    """「撤回签到」: says what is taken back."""
    return str(UNDO_TEXTS[Booking.Status(status)])
