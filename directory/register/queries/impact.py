"""What an act on an institution costs families, gathered from the apps that hold bookings (``ports.impact``)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cms.core.calendar.times import local_date
from directory.register import ports
from directory.register.models.offering import DAY_MINUTES
from directory.register.ports import Touched

WHOLE_DAY = (0, DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class Impact:
    """``touched`` in order of time. The counts are of what the act ends; ``left`` are the families of whom it leaves
    bookings to people.
    """

    touched: Sequence[Touched]

    @property
    def ended(self) -> list[Touched]:
        """What the act cancels."""
        return [one for one in self.touched if one.is_ended]

    @property
    def bookings(self) -> int:
        return len(self.ended)

    @property
    def families(self) -> int:
        return len({one.family for one in self.ended})

    @property
    def children(self) -> int:
        return len({one.child for one in self.ended if one.child is not None})

    @property
    def left(self) -> int:
        return len({one.family for one in self.touched if not one.is_ended})

    @property
    def days(self) -> list[tuple[dt.date, int]]:
        """Each day with its bookings that end."""
        return sorted(Counter(local_date(one.starts_at) for one in self.ended).items())

    @property
    def mark(self) -> str:
        """Differs as soon as other bookings are touched: what a person confirmed is compared with what there is."""
        named = ",".join(f"{one.booking}:{one.starts_at.timestamp():.0f}" for one in self.touched)
        return hashlib.sha256(named.encode()).hexdigest()[:16]


def impact_of(
    *,
    institution_id: int,
    first: dt.date,
    now: dt.datetime,
    last: dt.date | None = None,
    class_kind: str = "",
    minutes: tuple[int, int] = WHOLE_DAY,
    only_waiting: bool = False,
) -> Impact:
    """Everything that stopping care there would touch: one query for each app that answers."""
    answers = [
        answer(
            institution_id=institution_id,
            first=first,
            last=last,
            class_kind=class_kind,
            minutes=minutes,
            only_waiting=only_waiting,
            now=now,
        )
        for answer in ports.impact.all().values()
    ]
    touched = [one for answer in answers for one in answer]
    return Impact(sorted(touched, key=lambda one: (one.starts_at, one.booking)))
