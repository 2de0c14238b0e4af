"""A district's rules as people read them."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from directory.districts.models import Rule


def due_words(rule: Rule, today: dt.date) -> str:
    """「2025 年已过，暂无完成数据」 for a target of a past year, 「目标年份 2028」 for a coming one, else ""."""
    if rule.due_year is None:
        return ""
    if rule.due_year < today.year:
        return _("%(year)s 年已过，暂无完成数据") % {"year": rule.due_year}
    return _("目标年份 %(year)s") % {"year": rule.due_year}
