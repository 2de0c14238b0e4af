"""Class kinds of the national standard, with their ages, limits and caregiver ratios.

Source: 托育机构设置标准（试行） 国卫人口发〔2019〕58号, art. 19 (乳儿班 6–12 months ≤10, 托小班 12–24 ≤15,
托大班 24–36 ≤20, from 18 months mixed ≤18) and art. 20 (at least 1:3, 1:5, 1:7). The standard prints no ratio for
mixed classes: the strictest of the ages it admits is used, 1:5. Ages are half-open in completed months, since the
printed ranges share 12 and 24.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_MONTH = 6
END_MONTH = 36


class ClassKind(models.TextChoices):
    """编班类型"""

    INFANT = "infant", _("乳儿班")
    TODDLER = "toddler", _("托小班")
    SENIOR_TODDLER = "senior_toddler", _("托大班")
    MIXED = "mixed", _("混合编班")


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What the standard says of a class kind: ages in completed months [from, to), places, children a caregiver."""

    from_month: int
    to_month: int
    limit: int
    ratio: int


CLASS_RULES: dict[str, ClassRule] = {
    ClassKind.INFANT: ClassRule(6, 12, 10, 3),
    ClassKind.TODDLER: ClassRule(12, 24, 15, 5),
    ClassKind.SENIOR_TODDLER: ClassRule(24, 36, 20, 7),
    ClassKind.MIXED: ClassRule(18, 36, 18, 5),
}
OWN_KINDS = (ClassKind.INFANT, ClassKind.TODDLER, ClassKind.SENIOR_TODDLER)


def kind_label(kind: str) -> str:
    """「托小班」; "" for what is no class kind, as the whole house."""
    return str(ClassKind(kind).label) if kind in CLASS_RULES else ""


def own_class_kind(age_months: int) -> str | None:
    """The class kind of an age in completed months; None under 6 months and from the third birthday."""
    for kind in OWN_KINDS:
        rule = CLASS_RULES[kind]
        if rule.from_month <= age_months < rule.to_month:
            return kind.value
    return None


def class_kinds_for(age_months: int) -> tuple[str, ...]:
    """Class kinds that may take the age, the child's own first; empty when nobody may."""
    own = own_class_kind(age_months)
    if own is None:
        return ()
    mixed = CLASS_RULES[ClassKind.MIXED]
    return (own, ClassKind.MIXED.value) if mixed.from_month <= age_months < mixed.to_month else (own,)


class CareMode(models.TextChoices):
    """托育方式 (half_month is named by one district only and stays a mode of its own)."""

    FULL_DAY = "full_day", _("全日托")
    HALF_DAY = "half_day", _("半日托")
    HOURLY = "hourly", _("计时托")
    TEMPORARY = "temporary", _("临时托")
    HALF_MONTH = "half_month", _("半月托")
