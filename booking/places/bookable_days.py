"""What can be booked at one institution on some days, worked out from all that decides it. No query.

Classes are named by their kind; ``ANY_CLASS`` means the best one, None an age that nobody takes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from booking.places.models.capacity import HOUSE_BUCKET
from booking.places.place_rules import (
    DAY_MINUTES,
    DayCells,
    PlacesProblem,
    StayAnswer,
    best_of,
    covering_stay,
    earliest_start,
    is_too_early,
    least_of,
    most_telling,
    problem_of_notice,
    shortest_stays,
)
from booking.places.stay_rules import (
    ClosedPart,
    StayProblem,
    bucket_for,
    needs_answer,
    problem_of_minutes,
    standing_problem,
)
from directory.districts.class_kinds import CareMode
from directory.register.fees import FeeRow, fee_on

#: The class that has the most places at each time, where nobody said an age.
ANY_CLASS = "any"
DEFAULT_STEP = 30
NOTHING_OPEN = DayCells(DEFAULT_STEP, {})


@dataclass(slots=True)
class OfferedProduct:
    """A product that is offered; ``fee`` in fen is that of a day and a class, see ``BookableDays.offered``."""

    pk: int
    public_id: str
    mode: str
    part: str
    starts: dt.time
    ends: dt.time
    block_minutes: int | None
    fee: int
    inclusive: bool
    fees: tuple[FeeRow, ...] = ()


@dataclass(slots=True)
class BookingTerms:
    """The booking rules in force, see ``stay_rules.StayTerms``."""

    raster_minutes: int
    opens_days_ahead: int
    cutoff_minutes: int
    temporary_cutoff_minutes: int
    minimum_minutes: int
    step_minutes: int
    free_cancel_days_before: int
    free_cancel_clock: dt.time
    needs_acceptance: bool


#: Answers for some stays of the products of a day.
Ask = Callable[[dt.date, list[OfferedProduct], DayCells], Iterable[StayAnswer]]


@dataclass(slots=True)
class BookableDays:
    """All that decides what can be booked at one institution on the days read.

    ``stale``: nobody vouches for the places any more, so the institution has to answer. ``products`` have all their
    ``fees``; what they cost on a day says ``offered``.
    ``caregivers`` by class kind. ``rasters`` are the minutes of a cell, by bucket of the pools that are run. ``free``
    are places of each pool alone: ``{bucket: {day: {minute: places}}}``, below zero where it is over. ``closed`` are
    the closings of each day.
    """

    institution_id: int
    now: dt.datetime
    takes_bookings: bool
    confirmed_at: dt.datetime | None
    stale: bool
    terms: BookingTerms
    products: list[OfferedProduct]
    caregivers: dict[str, int]
    rasters: dict[str, int]
    closed: Mapping[dt.date, Sequence[ClosedPart]]
    free: dict[str, dict[dt.date, dict[int, int]]] = field(default_factory=dict)
    _cells: dict[tuple[dt.date, str], DayCells] = field(default_factory=dict)
    _offered: dict[tuple[dt.date, str], list[OfferedProduct]] = field(default_factory=dict)

    @property
    def needs_answer(self) -> bool:
        """Whether a booking made now is a request that the institution has to answer."""
        return needs_answer(needs_acceptance=self.terms.needs_acceptance, stale=self.stale)

    @property
    def kinds(self) -> set[str]:
        """Class kinds that are run."""
        return self.rasters.keys() - {HOUSE_BUCKET}

    def classes_of(self, bucket: str | None) -> list[str]:
        """The classes that are asked for a whole stay: of the best class at each time none could be booked."""
        if bucket is None:
            return []
        return sorted(self.kinds) if bucket == ANY_CLASS else [bucket]

    def class_for(self, age_months: int | None) -> str | None:
        """The class of an age on the day; the best of all where no age is known."""
        return ANY_CLASS if age_months is None else bucket_for(self.kinds, age_months)

    def cells(self, day: dt.date, bucket: str | None) -> DayCells:
        """Places by minute, the house considered; none on a closing day or while no bookings are taken."""
        if bucket is None or self._shut(day):
            return NOTHING_OPEN
        if (day, bucket) not in self._cells:
            self._cells[day, bucket] = self._read_cells(day, bucket)
        return self._cells[day, bucket]

    def offered(self, day: dt.date, bucket: str | None) -> list[OfferedProduct]:
        """The products with their fee of the day for the class, cheapest first; those that have none yet left out."""
        kind = bucket or ANY_CLASS
        if (day, kind) not in self._offered:
            priced = [(product, fee_on(product.fees, day, kind)) for product in self.products]
            found = [replace(product, fee=fee.fee) for product, fee in priced if fee is not None]
            self._offered[day, kind] = sorted(found, key=lambda product: (product.fee, product.pk))
        return self._offered[day, kind]

    def best_stay(self, day: dt.date, bucket: str | None, *, mode: str = "") -> StayAnswer:
        """The stay with the most places of all that can be booked on the day, in one mode or any."""
        return self._best(day, bucket, mode, self._shortest_stays)

    def best_covering(self, day: dt.date, bucket: str | None, starts: int, ends: int, *, mode: str = "") -> StayAnswer:
        """The stay with the most places of those that cover the asked minutes of the day."""

        def covering(day: dt.date, products: list[OfferedProduct], cells: DayCells) -> Iterator[StayAnswer]:
            for product in products:
                answer = self._covering(day, product, cells, starts, ends)
                yield answer
                if answer.remaining and (answer.starts, answer.ends) == (starts, ends):
                    return  # no longer stay has more

        return self._best(day, bucket, mode, covering)

    def answer(self, day: dt.date, bucket: str | None, product: OfferedProduct, starts: int, ends: int) -> StayAnswer:
        """The answer for one stay of one product, as a hold gives it."""
        shut = self._shut(day) or (None if starts < ends < DAY_MINUTES else StayProblem.OUTSIDE_HOURS)
        if shut or bucket is None:
            return StayAnswer(0, shut or PlacesProblem.AGE, product, starts, ends)
        return self._answer(day, product, self.cells(day, bucket), starts, ends)

    def first_minute(self, day: dt.date) -> int:
        """The first minute of the day at which a stay of any product may still begin; 1,440 where none may."""
        if is_too_early(self.terms, day, self.now):
            return DAY_MINUTES
        products = self.offered(day, ANY_CLASS)
        first = {product.mode: earliest_start(self.terms, product.mode, day, self.now) for product in products}
        starts = (
            first[product.mode]
            for product in products
            # A product whose last stay begins too soon offers nothing, however short its cut-off.
            if any(starts >= first[product.mode] for starts, _ends in shortest_stays(product, self.terms))
        )
        return min(starts, default=DAY_MINUTES)

    def _shut(self, day: dt.date) -> StayProblem | None:
        closed = any(part.is_all for part in self.closed.get(day, ()))
        return standing_problem(takes_bookings=self.takes_bookings, closed=closed)

    def _best(self, day: dt.date, bucket: str | None, mode: str, ask: Ask) -> StayAnswer:
        if (shut := self._shut(day)) or bucket is None:
            return StayAnswer(0, shut or PlacesProblem.AGE)
        return most_telling(
            answer
            for name in self.classes_of(bucket)
            for answer in ask(day, self._of_mode(day, name, mode), self.cells(day, name))
        )

    def _of_mode(self, day: dt.date, bucket: str, mode: str) -> list[OfferedProduct]:
        return [product for product in self.offered(day, bucket) if mode in ("", product.mode)]

    def _shortest_stays(self, day: dt.date, products: list[OfferedProduct], cells: DayCells) -> Iterator[StayAnswer]:
        """By the numbers alone: these stays are the products' own."""
        if not products:
            return
        if is_too_early(self.terms, day, self.now):
            yield StayAnswer(0, StayProblem.TOO_EARLY)
        elif not cells.remaining:
            yield StayAnswer(0, StayProblem.CLOSED if cells.closed else StayProblem.OUTSIDE_HOURS)
        else:
            top = max(cells.remaining.values())
            for product in products:
                for answer in self._best_shortest(day, product, cells, top):
                    yield answer
                    if answer.remaining == top > 0:
                        return  # no other stay has more

    def _best_shortest(self, day: dt.date, product: OfferedProduct, cells: DayCells, top: int) -> Iterator[StayAnswer]:
        """The shortest stay with the most places, which are ``top`` at best, else every problem there is."""
        first = earliest_start(self.terms, product.mode, day, self.now)
        most, best, problems = 0, (0, 0), set[str]()
        for starts, ends in shortest_stays(product, self.terms):
            free = cells.least(starts, ends) if starts >= first else 0
            if free and free > most:
                most, best = free, (starts, ends)
                if most == top:
                    break
            elif not most:
                problems.add(StayProblem.TOO_LATE if starts < first else cells.problem(starts, ends, free))
        if most:
            yield StayAnswer(most, "", product, *best)
        else:
            yield from (StayAnswer(0, problem, product) for problem in problems)

    def _covering(self, day: dt.date, product: OfferedProduct, cells: DayCells, starts: int, ends: int) -> StayAnswer:
        stay = covering_stay(product, starts, ends)
        if stay is None:
            return StayAnswer(0, StayProblem.OUTSIDE_HOURS, product)
        if product.mode == CareMode.HOURLY:
            return self._answer(day, product, cells, *stay)
        return self._places_answer(day, product, cells, *stay)

    def _answer(self, day: dt.date, product: OfferedProduct, cells: DayCells, starts: int, ends: int) -> StayAnswer:
        """Checks the rules of a stay in the order in which a hold refuses it."""
        problem = problem_of_minutes(product, self.terms, starts, ends)
        if problem:
            return StayAnswer(0, problem, product, starts, ends)
        return self._places_answer(day, product, cells, starts, ends)

    def _places_answer(
        self, day: dt.date, product: OfferedProduct, cells: DayCells, starts: int, ends: int
    ) -> StayAnswer:
        """The same for a stay that is known to be the product's own."""
        problem = problem_of_notice(self.terms, product.mode, day, self.now, starts)
        free = None if problem else cells.least(starts, ends)
        return StayAnswer(free or 0, problem or cells.problem(starts, ends, free), product, starts, ends)

    def _read_cells(self, day: dt.date, bucket: str) -> DayCells:
        step = self.rasters.get(HOUSE_BUCKET)
        if step is None:
            return NOTHING_OPEN
        if bucket == ANY_CLASS:
            return DayCells(step, best_of(self.cells(day, kind).remaining for kind in self.kinds))
        own, house = (self.free.get(name, {}).get(day, {}) for name in (bucket, HOUSE_BUCKET))
        parts = [part for part in self.closed.get(day, ()) if part.kind in ("", bucket)]
        places = least_of(own, house)
        for minute in [m for m in places for part in parts if part.covers(bucket, m, m + step)]:
            places.pop(minute, None)
        return DayCells(step, places, tuple((part.starts, part.ends) for part in parts))
