"""What is free and what of it can be booked, on plain data: no query, no model.

Minutes are minutes of one day; China's clocks have not changed since 1991, so a day has 1,440. ``problem`` is a word of
``StayProblem`` or ``PlacesProblem``, empty where there is a place.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from booking.places.stay_rules import ProductTerms, StayProblem, StayTerms, cutoff_minutes
from cms.core.calendar.times import at, local_date, minutes_of
from directory.districts.class_kinds import CareMode

DAY_MINUTES = 24 * 60


class PlacesProblem(StrEnum):
    """Why there is no place, where the rules of a stay have no objection."""

    AGE = "age"
    PRODUCT = "product"
    FULL = "full"


#: Of several problems the one that is nearest to a place tells most.
MOST_TELLING = (
    PlacesProblem.FULL,
    StayProblem.TOO_LATE,
    StayProblem.TOO_EARLY,
    StayProblem.CLOSED,
    StayProblem.TOO_SHORT,
    StayProblem.BAD_STEP,
    StayProblem.OUTSIDE_HOURS,
    PlacesProblem.AGE,
    PlacesProblem.PRODUCT,
)


@dataclass(frozen=True, slots=True)
class DayCells:
    """Places of one day by start minute; a missing minute is not open. A cell lasts ``step`` minutes.

    ``closed``: the minutes of the day between which a closing keeps the class shut.
    """

    step: int
    remaining: Mapping[int, int]
    closed: tuple[tuple[int, int], ...] = ()

    def least(self, starts: int, ends: int) -> int | None:
        """Places for a whole stay; None where it is not made of cells without a gap."""
        if (ends - starts) % self.step:
            return None
        found = [self.remaining.get(minute) for minute in range(starts, ends, self.step)]
        return None if not found or None in found else min(found)  # type: ignore[type-var]  # no None among them

    def problem(self, starts: int, ends: int, free: int | None) -> str:
        """What the places of a stay, ``free`` by ``least``, have against it."""
        if any(starts < until and since < ends for since, until in self.closed):
            return StayProblem.CLOSED
        if free is None:
            return StayProblem.OUTSIDE_HOURS
        return "" if free else PlacesProblem.FULL

    def free_ends(self) -> dict[int, int]:
        """For every cell with a place: until when there is one without a break."""
        ends: dict[int, int] = {}
        for minute in sorted(self.remaining, reverse=True):
            if self.remaining[minute] > 0:
                after = minute + self.step
                ends[minute] = ends.get(after, after)
        return ends


@dataclass(frozen=True, slots=True)
class StayAnswer:
    """Places for one stay: ``remaining`` is 0 exactly where ``problem`` says why.

    ``product`` and the minutes are the stay that would be booked; without a product there is none.
    """

    remaining: int
    problem: str
    product: ProductTerms | None = None
    starts: int = 0
    ends: int = 0


def least_of(own: Mapping[int, int], house: Mapping[int, int]) -> dict[int, int]:
    """Places of a class by minute, the house considered: a cell missing on one side is not bookable."""
    return {minute: max(0, min(free, house[minute])) for minute, free in own.items() if minute in house}


def best_of(classes: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The most places of any class at each minute."""
    best: dict[int, int] = {}
    for places in classes:
        for minute, free in places.items():
            best[minute] = max(free, best.get(minute, 0))
    return best


def earliest_start(terms: StayTerms, mode: str, day: dt.date, now: dt.datetime) -> int:
    """The first minute of the day at which a stay may still begin, by the cut-off; 0 on days well ahead."""
    return max(0, minute_of_day(now, day) + cutoff_minutes(terms, mode))


@functools.lru_cache(maxsize=128)
def minute_of_day(now: dt.datetime, day: dt.date) -> int:
    """Minutes since the day began, rounded up; negative before it."""
    return -int(-(now - at(day, dt.time.min)).total_seconds() // 60)


def is_too_early(terms: StayTerms, day: dt.date, now: dt.datetime) -> bool:
    """Whether the day is beyond the opening window, as ``stay_rules.last_day`` says."""
    return days_ahead(day, now) > terms.opens_days_ahead


@functools.lru_cache(maxsize=128)
def days_ahead(day: dt.date, now: dt.datetime) -> int:
    """Days from today to the day; a page asks it of every institution."""
    return (day - local_date(now)).days


def shortest_stays(product: ProductTerms, terms: StayTerms) -> Iterator[tuple[int, int]]:
    """Every stay of a product that has fixed ones; of an hourly one the minimum from each start, in order."""
    opens, closes = minutes_of(product.starts), minutes_of(product.ends)
    if product.mode == CareMode.HOURLY:
        length, step = terms.minimum_minutes, terms.raster_minutes
    elif product.mode == CareMode.TEMPORARY:
        length = step = product.block_minutes or DAY_MINUTES
    else:
        length = step = closes - opens
    for starts in range(opens, closes - length + 1, step):
        yield starts, starts + length


def covering_stay(product: ProductTerms, starts: int, ends: int) -> tuple[int, int] | None:
    """The product's stay that covers the asked minutes: they themselves by the hour, else whole blocks or the window.

    None where the product's hours don't cover them.
    """
    opens, closes = minutes_of(product.starts), minutes_of(product.ends)
    if starts < opens or ends > closes or ends <= starts:
        return None
    if product.mode == CareMode.HOURLY:
        return starts, ends
    if product.mode != CareMode.TEMPORARY:
        return opens, closes
    block = product.block_minutes or DAY_MINUTES
    first, last = opens + (starts - opens) // block * block, opens - (opens - ends) // block * block
    return (first, last) if last <= closes else None


def problem_of_notice(terms: StayTerms, mode: str, day: dt.date, now: dt.datetime, starts: int) -> StayProblem | None:
    """What cut-off and opening window have against a start, as ``stay_rules.notice_problem`` says of a moment."""
    if starts < earliest_start(terms, mode, day, now):
        return StayProblem.TOO_LATE
    return StayProblem.TOO_EARLY if is_too_early(terms, day, now) else None


def most_telling(answers: Iterable[StayAnswer]) -> StayAnswer:
    """The answer with the most places; without any the one whose problem tells most; "product" where there is none."""
    found = list(answers)
    if not found:
        return StayAnswer(0, PlacesProblem.PRODUCT)
    return min(found, key=lambda answer: (-answer.remaining, _rank(answer.problem)))


def _rank(problem: str) -> int:
    return MOST_TELLING.index(problem) if problem else -1


def shown_hours(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """From the first opening to the last closing minute, on full hours; 8 to 18 where nothing is open."""
    found = list(spans)
    if not found:
        return 8 * 60, 18 * 60
    return min(opens for opens, _ in found) // 60 * 60, -(-max(closes for _, closes in found) // 60) * 60


def open_span(cells: DayCells) -> list[tuple[int, int]]:
    """The first opening and last closing minute of a day as a list of one, empty where nothing is open."""
    if not cells.remaining:
        return []
    return [(min(cells.remaining), max(cells.remaining) + cells.step)]
