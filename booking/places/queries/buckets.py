"""Which pool a child takes its place from, and why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.utils.translation import gettext as _

from booking.places.stay_rules import bucket_for
from cms.core.calendar.times import age_in_months, birthday_after_months
from cms.core.display import wording
from directory.districts.class_kinds import CLASS_RULES, END_MONTH, FIRST_MONTH, ClassKind
from directory.register.models import ClassGroup, Institution


def kinds_run(institution: Institution) -> set[str]:
    """Class kinds the institution runs now."""
    return set(ClassGroup.objects.filter(institution_id=institution.pk, active=True).values_list("kind", flat=True))


def why_not(kinds: Collection[str], *, birth_date: dt.date, day: dt.date) -> str:
    """Why a child can't be taken on a day, as a sentence; empty where it can."""
    age = age_in_months(birth_date, day)
    if age >= END_MONTH:
        return _("满 3 岁后不再提供托育，可以看看幼儿园。")
    if bucket_for(kinds, age):
        return ""
    first = first_month_taken(kinds, age)
    if first is None:
        return _("没有适合宝宝月龄的班。")
    return wording.taken_from(first, birthday_after_months(birth_date, first))


def first_month_taken(kinds: Collection[str], age_months: int) -> int | None:
    """The next completed month at which one of the kinds takes the child."""
    months = range(max(age_months + 1, FIRST_MONTH), END_MONTH)
    return next((month for month in months if bucket_for(kinds, month)), None)


def kind_label(bucket: str) -> str:
    """「托小班」 for an age class."""
    return str(ClassKind(bucket).label) if bucket in CLASS_RULES else ""
