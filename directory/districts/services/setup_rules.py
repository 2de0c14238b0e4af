"""The rules that come with the code: those of the districts' plans, and of the levels above them.

A document that is known already is left alone with all its rules: staff may have corrected or removed them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from directory.districts.enums import RuleLevel, RuleState
from directory.districts.models import District, PolicyDocument, Rule

DATA = Path(__file__).resolve().parent.parent / "data"


def plan_slug(district: District) -> str:
    """The slug of the document that is a district's plan."""
    return f"plan-{district.slug}"


def setup_plan(*, district: District, plan: dict[str, str], is_draft: bool, rules: list[dict[str, Any]]) -> None:
    """Enter the plan of a district with its rules, unless a plan is known, be it another one."""
    if PolicyDocument.objects.filter(district=district, is_plan=True).exists():
        return
    document, created = PolicyDocument.objects.get_or_create(
        slug=plan_slug(district), defaults={**plan, "district": district, "is_plan": True}
    )
    state = RuleState.DRAFT if is_draft else RuleState.IN_FORCE
    if created:
        _enter(document, rules, state=state, level=RuleLevel.DISTRICT, district=district)


def setup_upper_rules() -> None:
    """Enter the rules of the nation, the provinces and the cities whose documents are absent."""
    for entry in json.loads((DATA / "upper_rules.json").read_text(encoding="utf-8")):
        document, created = PolicyDocument.objects.get_or_create(
            slug=entry["slug"], defaults={"title": entry["title"], "number": entry["number"]}
        )
        if created:
            _enter(document, entry["rules"], state=entry["state"], level=entry["level"], area=entry["area"])


def _enter(document: PolicyDocument, rules: list[dict[str, Any]], **shared: Any) -> None:
    Rule.objects.bulk_create(Rule(document=document, **shared, **rule) for rule in rules)
