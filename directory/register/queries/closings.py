"""Closings as people enter them: the days of one act that follow one another are one line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from directory.register.models import ClosingDay, Institution


@dataclass(frozen=True, slots=True)
class Closing:
    """Days without a gap that were closed together for one reason."""

    days: list[ClosingDay]

    @property
    def first(self) -> dt.date:
        return self.days[0].date

    @property
    def last(self) -> dt.date:
        return self.days[-1].date

    @property
    def part(self) -> ClosingDay:
        """What of the day is closed, and why: the same on each of the days."""
        return self.days[0]

    def goes_on_with(self, row: ClosingDay) -> bool:
        """Whether the row is the next day of the same closing."""
        return _act(row) == _act(self.part) and row.date == self.last + dt.timedelta(days=1)


def closings_of(institution: Institution, since: dt.date) -> list[Closing]:
    """Closings from a day on, the next first; one query."""
    return grouped(institution.closing_days.filter(date__gte=since))


def grouped(rows: Iterable[ClosingDay]) -> list[Closing]:
    """Rows as closings, by their first day."""
    closings: list[Closing] = []
    for row in sorted(rows, key=lambda row: (_act(row), row.date)):
        if closings and closings[-1].goes_on_with(row):
            closings[-1].days.append(row)
        else:
            closings.append(Closing([row]))
    return sorted(closings, key=lambda closing: (closing.first, closing.part.from_minute, closing.part.pk))


def _act(row: ClosingDay) -> tuple[dt.datetime, str, int, int, str]:
    return row.created_at, row.class_kind, row.from_minute, row.to_minute, row.reason
