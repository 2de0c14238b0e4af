"""A refusal as JSON."""

from __future__ import annotations

from typing import Any

from directory.districts.queries.districts import plan_is_draft
from directory.register.models import Refusal
from directory.site.api_shapes.institution import source_of


def refusal_out(refusal: Refusal) -> dict[str, Any]:
    """The JSON of a refusal; the later institution's id only while it is public."""
    later = refusal.later_authorisation
    shown = later is not None and later.published_at is not None
    return {
        "id": refusal.public_id,
        "institution": refusal.institution_name,
        "district": refusal.district.slug,
        "district_plan_is_draft": plan_is_draft(refusal.district.slug),
        "date": refusal.refused_date,
        "office": refusal.office,
        "reasons": refusal.reasons,
        "rule": refusal.rule,
        "source": source_of(refusal, refusal.refused_date),
        "later": {
            "institution": later.institution.public_id if later.institution.is_public else None,
            "date": later.from_date,
        }
        if later is not None and shown
        else None,
    }
