"""The children of a signed-in family, for whom the question can be asked by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cms.accounts.family.queries.families import children_of
from cms.accounts.models import User
from cms.core.calendar.times import age_in_months
from directory.districts.class_kinds import END_MONTH


@dataclass(frozen=True, slots=True)
class AskedChild:
    """A child that the question can be about."""

    public_id: str
    nickname: str
    birth_date: dt.date


def children_to_ask_for(user: User, *, today: dt.date) -> list[AskedChild]:
    """The family's children who are not three years old yet, oldest entry first."""
    return [
        AskedChild(child.public_id, child.nickname, child.birth_date)
        for child in children_of(user)
        if age_in_months(child.birth_date, today) < END_MONTH
    ]
