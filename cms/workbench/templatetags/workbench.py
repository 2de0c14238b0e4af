"""Template words of the workbench: `{% load workbench %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.places.models import Booking
from booking.places.queries.buckets import kind_label
from booking.places.services.generation import may_look_after
from cms.accounts.family.queries.users import name_for_family as name_of_user
from cms.core.display import wording
from directory.districts.class_kinds import CareMode
from directory.register import fees
from directory.register.models import CareProduct, ClassGroup, OpeningRule
from directory.register.models.offering import WEEKDAYS

register = template.Library()
register.filter("class_kind", kind_label)
register.filter("colleague", name_of_user)


@register.filter
def duration(minutes: int) -> str:
    """「42 分钟」「2 小时 5 分钟」"""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%d 分钟") % rest
    return _("%(hours)d 小时 %(minutes)d 分钟") % {"hours": hours, "minutes": rest} if rest else _("%d 小时") % hours


@register.filter
def allergy(text: str) -> str:
    """「花生过敏」 from 「花生」; left alone where the family wrote the word itself."""
    return text if "过敏" in text else _("%s过敏") % text


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
        "house": context["institution"].public_id,
    }


@register.inclusion_tag("workbench/_call.html", takes_context=True)
def call_button(context: template.Context, booking: Booking) -> dict[str, Any]:
    """The button behind which the family's numbers stand."""
    return {"booking": booking, "csrf_token": context.get("csrf_token"), "house": context["institution"].public_id}


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


@register.filter
def fee_in_words(product: CareProduct, step_minutes: int) -> str:
    """「54 元/天」, 「9 元/半小时」: as parents read it."""
    return fees.fee_in_words(product, step_minutes=step_minutes)


MODE_NOTES = {
    CareMode.FULL_DAY: gettext_lazy("一整天，按天收费"),
    CareMode.HALF_DAY: gettext_lazy("上午或下午，按半天收费"),
    CareMode.HOURLY: gettext_lazy("家长选起止时间，按档收费"),
    CareMode.TEMPORARY: gettext_lazy("固定时段，开始前都能约，按段收费"),
}


@register.filter
def mode_note(mode: str) -> str:
    """One line on what the mode is."""
    return str(MODE_NOTES.get(CareMode(mode), ""))
