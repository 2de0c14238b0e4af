"""Which institutions a rule reaches: shown to staff before they change it."""

from __future__ import annotations

from django.db.models import QuerySet

from directory.districts.enums import RuleKind, RuleLevel
from directory.districts.models import Rule
from directory.districts.ports import RuleReach
from directory.register.models import CareProduct, Institution


def reach_of(rule: Rule) -> RuleReach:
    """How many institutions lie where the rule holds, and how many have a mode that it does not name; three queries.

    ``rule`` may be unsaved. Institutions that have ended are left out.
    """
    rows = _under(rule)
    outside = _with_other_modes(rows, rule.value) if rule.kind == RuleKind.CARE_MODES and rule.value else 0
    return RuleReach(rows.count(), outside)


def _under(rule: Rule) -> QuerySet[Institution]:
    rows = Institution.objects.exclude(state=Institution.State.ENDED)
    if rule.level == RuleLevel.DISTRICT:
        return rows.filter(district=rule.district_id)
    return rows.filter(district__code__startswith=rule.area)


def _with_other_modes(rows: QuerySet[Institution], modes: list[str]) -> int:
    """Those filed for, or offering, a mode that is not one of these."""
    filed = {pk for pk, own in rows.values_list("pk", "filed_modes") if set(own) - set(modes)}
    offers = CareProduct.objects.filter(institution__in=rows, active=True).exclude(mode__in=modes)
    return len(filed | set(offers.values_list("institution", flat=True)))
