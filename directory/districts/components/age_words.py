"""How old a child is on a day, and why nobody takes it: one wording for cards, weeks and the steps of booking."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from cms.core.calendar.times import birthday_after_months
from cms.core.display import wording
from cms.core.display.places import why_not
from directory.districts.class_kinds import CLASS_RULES, END_MONTH, kind_label, own_class_kind


def day_age_words(age_months: int, kind: str | None = None) -> str:
    """「那天满 24 个月，托大班」 on the day asked about; ``kind`` is the class where it is not the child's own."""
    label = kind_label((own_class_kind(age_months) or "") if kind is None else kind)
    words = _("那天满 %d 个月") % age_months
    return _("%(age)s，%(kind)s") % {"age": words, "kind": label} if label else words


def birth_month_note(age_months: int) -> str:
    """What follows from knowing the month of birth alone, where a class or care itself begins or ends at the age."""
    edges = {END_MONTH, *(rule.from_month for rule in CLASS_RULES.values())}
    if age_months not in edges:
        return ""
    words = _("按生日已过算，满 %(age)d 个月。那天还没过生日的，请改选 %(before)d 个月。")
    return words % {"age": age_months, "before": age_months - 1}


def age_words(age_months: int, first_month: int | None, born: dt.date) -> str:
    """「宝宝满 24 个月后可预约（2027年6月）」 for an age on the day asked about.

    ``first_month`` is the next age that is taken, None where there is none; ``born`` tells when it is reached.
    """
    if age_months >= END_MONTH:
        return _("满 3 岁后不再提供托育，可以看看幼儿园")
    if first_month is None:
        return why_not("age")
    return wording.taken_from(first_month, birthday_after_months(born, first_month))
