"""The booking rules of an institution, as saved or by default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from booking.places.models import BookingPolicy, PlacesConfirmation
from booking.places.queries.freshness import Vouched, vouched
from cms.core.runtime.plain_rows import Columns
from cms.core.runtime.sql import moment_out, rows, with_tables
from directory.register.models import Institution
from directory.register.ports import TimelinePart

POLICY = Columns(BookingPolicy, "p")
POLICY_AND_WORD = with_tables(
    f"""
SELECT {POLICY}, f.places_confirmed_at
  FROM {{Institution}} i
  LEFT JOIN {{BookingPolicy}} p ON p.institution_id = i.id
  LEFT JOIN {{PlacesConfirmation}} f ON f.institution_id = i.id
 WHERE i.id = %s
""",  # noqa: S608  # names of ours
    Institution,
    BookingPolicy,
    PlacesConfirmation,
)


#: The history of an institution's booking rules is part of its own.
POLICY_HISTORY = TimelinePart(
    BookingPolicy, lambda key: BookingPolicy.objects.filter(institution=key), lambda label: ""
)


def policy_of(institution_id: int) -> BookingPolicy:
    """The institution's rules, or an unsaved row with the columns' defaults."""
    found = POLICY.select("WHERE p.institution_id = %s", [institution_id])
    return found[0] if found else BookingPolicy(institution_id=institution_id)


def policy_and_word_of(institution_id: int, now: dt.datetime) -> tuple[BookingPolicy, Vouched]:
    """The same, and what the institution's word for its places comes to at a moment: one query."""
    found = rows(POLICY_AND_WORD, [institution_id])
    policy = POLICY.make(found[0]) if found else None
    confirmed = found[0][-1] if found else None
    policy = policy or BookingPolicy(institution_id=institution_id)
    return policy, vouched(policy, moment_out(confirmed) if confirmed else None, now)


def step_minutes_of(institution_ids: Collection[int]) -> dict[int, int]:
    """Minutes that one hourly fee pays for, of those institutions that have rules of their own; one query."""
    rows = BookingPolicy.objects.filter(institution_id__in=institution_ids)
    return dict(rows.values_list("institution_id", "step_minutes"))
