"""A district's figures and rules as people read them."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from directory.districts.models import DistrictFact


def due_words(fact: DistrictFact, today: dt.date) -> str:
    """「目标年份已过，暂无完成数据」 for a target of a past year, 「目标年份 2028」 for a coming one, else ""."""
    if fact.due_year is None:
        return ""
    if fact.due_year < today.year:
        return _("%(year)s 年已过，暂无完成数据") % {"year": fact.due_year}
    return _("目标年份 %(year)s") % {"year": fact.due_year}
