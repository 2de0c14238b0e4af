"""Which class a child is in by the national standard, in words."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from cms.accounts.ports import ChildClass
from cms.core.calendar.times import age_in_months, birthday_after_months
from directory.districts.class_kinds import CLASS_RULES, FIRST_MONTH, OWN_KINDS, ClassKind, own_class_kind


def class_of_child(birth_date: dt.date, day: dt.date) -> ChildClass:
    """「托小班」 with 「托大班」 from the second birthday; before 6 months and from the third birthday the reason."""
    age = max(0, age_in_months(birth_date, day))
    if age < FIRST_MONTH:
        return ChildClass(_("满 6 个月后可以入托"))
    kind = own_class_kind(age)
    if kind is None:
        return ChildClass(_("满 3 岁，不再提供托育"))
    words = str(ClassKind(kind).label)
    following = next((later for later in OWN_KINDS if CLASS_RULES[later].from_month > age), None)
    if following is None:
        return ChildClass(words)
    since = birthday_after_months(birth_date, CLASS_RULES[following].from_month)
    return ChildClass(words, str(following.label), since)
