"""The booking rules of an institution as sentences for parents."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cms.core.display.wording import duration_within
from directory.register.ports import BookingRules


def rules_in_words(rules: BookingRules) -> list[str]:
    """The rules as short sentences, in the order in which parents meet them."""
    words = [
        _("提前 %(days)d 天开放，最晚开始前%(cutoff)s预约。")
        % {"days": rules.opens_days_ahead, "cutoff": duration_within(rules.cutoff_minutes)},
        _("临时托最晚开始前%s预约。") % duration_within(rules.temporary_cutoff_minutes)
        if rules.temporary_cutoff_minutes
        else _("临时托开始前都可以约。"),
        _("计时托%(minimum)s起，每%(step)s一档。")
        % {"minimum": duration_within(rules.minimum_minutes), "step": duration_within(rules.step_minutes)},
        free_cancel_in_words(rules),
    ]
    if rules.needs_acceptance:
        words.append(_("提交后由机构确认，24 小时内答复，过时自动取消。"))
    return words


def free_cancel_in_words(rules: BookingRules) -> str:
    """「前一天 14:00 前可免费取消。」"""
    clock = rules.free_cancel_clock.strftime("%-H:%M")
    days = rules.free_cancel_days_before
    if days == 0:
        return _("当天 %s 前可免费取消。") % clock
    if days == 1:
        return _("前一天 %s 前可免费取消。") % clock
    return _("提前 %(days)d 天，%(clock)s 前可免费取消。") % {"days": days, "clock": clock}
