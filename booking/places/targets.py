"""How many children a class may hold, and how many of those places it may sell. No query."""

from __future__ import annotations

from directory.districts.class_kinds import CLASS_RULES
from directory.register.models import ClassGroup, OpeningRule


def caregivers_on_duty(class_group: ClassGroup) -> int:
    """Caregivers in a class; until rosters exist, the same at any time."""
    return class_group.caregivers


def group_target(group: ClassGroup, rule: OpeningRule) -> int:
    """Places one class may sell: what its caregivers may look after, at most its places, less the regular children."""
    return max(0, may_look_after(group) - rule.regular_places)


def may_look_after(group: ClassGroup) -> int:
    """Children a class may hold: its places, or what its caregivers on duty may look after if that is less."""
    return int(min(group.places, caregivers_on_duty(group) * CLASS_RULES[group.kind].ratio))
