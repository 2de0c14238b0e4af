"""The booking rules of an institution: the engine's numbers and their words."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from booking.places.models import BookingPolicy
from cms.core.runtime.plain_rows import Columns

POLICY = Columns(BookingPolicy, "p")


def policy_of(institution_id: int) -> BookingPolicy:
    """The institution's rules, or an unsaved row with the defaults of design.md 5."""
    found = POLICY.select("WHERE p.institution_id = %s", [institution_id])
    return found[0] if found else BookingPolicy(institution_id=institution_id)


def step_minutes_of(institution_ids: Collection[int]) -> dict[int, int]:
    """Minutes that one hourly fee pays for, of those institutions that have rules of their own; one query."""
    rows = BookingPolicy.objects.filter(institution_id__in=institution_ids)
    return dict(rows.values_list("institution_id", "step_minutes"))


def rules_in_words(policy: BookingPolicy) -> list[str]:
    """The rules as short sentences for parents, in the order they meet them."""
    words = [
        _("提前 %(days)d 天开放，最晚开始前%(cutoff)s预约。")
        % {"days": policy.opens_days_ahead, "cutoff": _spaced(policy.cutoff_minutes)},
        _("临时托开始前都可以约。")
        if not policy.temporary_cutoff_minutes
        else _("临时托最晚开始前%s预约。") % _spaced(policy.temporary_cutoff_minutes),
        _("计时托%(minimum)s起，每%(step)s一档。")
        % {
            "minimum": _spaced(policy.minimum_minutes),
            "step": _spaced(policy.step_minutes),
        },
        free_cancel_in_words(policy),
    ]
    if policy.needs_acceptance:
        words.append(_("提交后由机构确认，24 小时内答复，过时自动取消。"))
    return words


def free_cancel_in_words(policy: BookingPolicy) -> str:
    """「前一天 14:00 前可免费取消。」"""
    clock = policy.free_cancel_clock.strftime("%-H:%M")
    days = policy.free_cancel_days_before
    if days == 0:
        return _("当天 %s 前可免费取消。") % clock
    if days == 1:
        return _("前一天 %s 前可免费取消。") % clock
    return _("提前 %(days)d 天，%(clock)s 前可免费取消。") % {"days": days, "clock": clock}


def duration_in_words(minutes: int) -> str:
    """「2 小时」「1.5 小时」「半小时」「45 分钟」"""
    return _spaced(minutes).strip()


def _spaced(minutes: int) -> str:
    """The same inside a sentence: a number has a blank before it, a word has none."""
    if minutes == 30:
        return _("半小时")
    if minutes % 30 == 0:
        return _(" %g 小时") % (minutes / 60)
    return _(" %d 分钟") % minutes
