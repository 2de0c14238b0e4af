"""The day-and-time page of the parent's flow: a strip of days, and the stays of the chosen one.

Everything is counted from one reading of the places (:class:`StayChoices`), so the strip, the ribbon and the choices
never contradict each other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from booking.places.bookable_days import BookableDays, BookingTerms, OfferedProduct
from booking.places.enums import BOOKABLE_MODES
from booking.places.place_rules import DayCells, PlacesProblem, StayAnswer, earliest_start, shortest_stays
from booking.places.queries.free_places import read_day
from booking.places.queries.offers import Offer, OfferTerms, offers_of
from booking.places.stay_rules import StayProblem, last_day, price, problem_of_minutes
from cms.core.calendar.times import age_in_months, at, local, local_date, minutes_of
from directory.districts.class_kinds import CareMode
from directory.register.models import Institution

#: Days shown at once; what is left over joins the last ones unless it is a week of its own.
STRIP_DAYS, WEEK = 14, 7
#: Stays that parents ask for by name, offered in addition to the free choice of hours.
COMMON_HOURS = (
    (dt.time(8), dt.time(10)),
    (dt.time(9), dt.time(11, 30)),
    (dt.time(14), dt.time(17)),
    (dt.time(15), dt.time(18)),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Who is to be looked after where and how."""

    institution: Institution
    birth_date: dt.date
    mode: str
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        return local_date(self.now)


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day of the strip; without places ``problem`` is why: the age, closed, over for today, or full."""

    day: dt.date
    places: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A stay on the chosen day; ``problem`` is why it can't be had, empty where it can."""

    product: OfferedProduct
    starts_at: dt.datetime
    ends_at: dt.datetime
    amount: int
    remaining: int
    problem: str

    @property
    def value(self) -> str:
        """What the form sends for it."""
        clocks = f"{at_clock(self.starts_at):%H:%M}|{at_clock(self.ends_at):%H:%M}"
        return f"{self.product.public_id}|{clocks}"

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(slots=True)
class StayChoices:
    """One reading of all that decides the page."""

    question: Question
    days: BookableDays
    _offers: dict[dt.date, list[Offer]] = field(default_factory=dict)

    @property
    def terms(self) -> BookingTerms:
        return self.days.terms

    @property
    def last_day(self) -> dt.date:
        return last_day(self.terms, self.question.now)

    def first_start(self, day: dt.date) -> int:
        """The first minute of the day at which the mode's cut-off still lets a stay begin; 0 on days well ahead."""
        return earliest_start(self.terms, self.question.mode, day, self.question.now)

    def class_on(self, day: dt.date) -> str | None:
        """The class that takes the child by its age on the day; None where none does."""
        return self.days.class_for(age_in_months(self.question.birth_date, day))

    def cells(self, day: dt.date) -> DayCells:
        """Places for this child on the day; none where it is closed or nobody takes the age."""
        return self.days.cells(day, self.class_on(day))

    def products(self, day: dt.date) -> list[OfferedProduct]:
        """Those of the asked mode with their fee of the day for this child's class, cheapest first."""
        mode = self.question.mode
        offered = self.days.offered(day, self.class_on(day)) if mode in BOOKABLE_MODES else []
        return [product for product in offered if product.mode == mode]

    def best(self, day: dt.date) -> StayAnswer:
        """The stay with the most places on the day."""
        return self.days.best_stay(day, self.class_on(day), mode=self.question.mode)

    def offers(self, day: dt.date) -> list[Offer]:
        """What can be booked on the day."""
        if day not in self._offers:
            terms = OfferTerms(policy=self.terms, day=day, now=self.question.now)
            self._offers[day] = offers_of(self.products(day), self.cells(day), terms)
        return self._offers[day]


def read_choices(question: Question) -> StayChoices:
    """Read rules, products, classes, closing days and all places up to the last day that can be booked: two queries."""
    days = read_day(institution=question.institution, day=question.today, days=None, now=question.now)
    return StayChoices(question, days)


def strip(choices: StayChoices, *, around: dt.date | None, span: tuple[dt.time, dt.time] | None) -> list[DayChoice]:
    """Fourteen days: from today, or the later stretch that holds ``around``. A last stretch of less than a week joins
    the one before it.
    """
    today, last = choices.question.today, choices.last_day
    ahead = (around - today).days if around and today <= around <= last else 0
    days = (last - today).days + 1
    stretches = max(1, days // STRIP_DAYS + (days % STRIP_DAYS >= WEEK))
    number = min(ahead // STRIP_DAYS, stretches - 1)
    first = number * STRIP_DAYS
    end = days if number == stretches - 1 else first + STRIP_DAYS
    return [_day_choice(choices, today + dt.timedelta(days=offset), span) for offset in range(first, end)]


def first_open_day(choices: StayChoices) -> dt.date | None:
    """The next day on which anything can be booked in this mode."""
    days = (choices.last_day - choices.question.today).days + 1
    candidates = (choices.question.today + dt.timedelta(days=offset) for offset in range(days))
    return next((day for day in candidates if choices.best(day).remaining), None)


def windows(choices: StayChoices, day: dt.date) -> list[Window]:
    """The stays of the day to choose from: fixed windows, or the common hours where hours are free.

    Where two products have the same window, the cheaper one is shown, as the hold takes it.
    """
    found: dict[tuple[int, int], Window] = {}
    for product in choices.products(day):
        for stay in _stays(choices, product, day):
            made = window(choices, product, day, *stay)
            if stay not in found or made.amount < found[stay].amount:
                found[stay] = made
    return [found[stay] for stay in sorted(found)]


def window(choices: StayChoices, product: OfferedProduct, day: dt.date, starts: int, ends: int) -> Window:
    """One stay, in minutes of the day, with its price, its places, or the reason why not."""
    answer = choices.days.answer(day, choices.class_on(day), product, starts, ends)
    starts_at, ends_at = _moments(day, starts, ends)
    amount = price(product, choices.terms, starts_at, ends_at)
    return Window(product, starts_at, ends_at, amount, answer.remaining, answer.problem)


def free_hours(choices: StayChoices, day: dt.date, span: tuple[dt.time, dt.time]) -> Window | None:
    """A freely chosen stay as a window; None where no product has such a stay."""
    stay = minutes_of(span[0]), minutes_of(span[1])
    offered = choices.products(day)
    fitting = [product for product in offered if problem_of_minutes(product, choices.terms, *stay) is None]
    found = [window(choices, product, day, *stay) for product in fitting]
    return min(found, key=lambda each: each.amount, default=None)


def hour_choices(choices: StayChoices, day: dt.date) -> tuple[list[dt.time], list[dt.time]]:
    """The clock times to come and to go: every start that still has a stay, every end that one of them reaches."""
    offers = choices.offers(day)
    step = dt.timedelta(minutes=choices.terms.step_minutes)
    starts = {at_clock(offer.starts_at) for offer in offers}
    ends: set[dt.time] = set()
    for offer in offers:
        moment = offer.ends_at
        while moment <= (offer.max_ends_at or offer.ends_at):
            ends.add(at_clock(moment))
            moment += step
    return sorted(starts), sorted(ends)


def opening_hours(choices: StayChoices, day: dt.date) -> set[dt.time]:
    """Every clock time of the raster within the hours of the day's products, free or not."""
    raster = choices.terms.raster_minutes
    minutes = {
        minute
        for product in choices.products(day)
        for minute in range(minutes_of(product.starts), minutes_of(product.ends) + 1, raster)
    }
    return {dt.time(minute // 60, minute % 60) for minute in minutes}


def at_clock(moment: dt.datetime) -> dt.time:
    """The wall clock of the site, without its zone."""
    return local(moment).time()


def _stays(choices: StayChoices, product: OfferedProduct, day: dt.date) -> Iterator[tuple[int, int]]:
    if product.mode != CareMode.HOURLY:
        yield from shortest_stays(product, choices.terms)
        return
    for starts, ends in COMMON_HOURS:
        stay = minutes_of(starts), minutes_of(ends)
        if problem_of_minutes(product, choices.terms, *stay) is None:
            yield stay


def _moments(day: dt.date, starts: int, ends: int) -> tuple[dt.datetime, dt.datetime]:
    midnight = at(day, dt.time.min)
    return midnight + dt.timedelta(minutes=starts), midnight + dt.timedelta(minutes=ends)


def _day_choice(choices: StayChoices, day: dt.date, span: tuple[dt.time, dt.time] | None) -> DayChoice:
    best = choices.best(day)
    if not best.remaining:
        return DayChoice(day, 0, _day_problem(choices, day, best.problem))
    places = best.remaining
    if span:
        asked = minutes_of(span[0]), minutes_of(span[1])
        covering = choices.days.best_covering(day, choices.class_on(day), *asked, mode=choices.question.mode)
        places = covering.remaining or places
    return DayChoice(day, places)


def _day_problem(choices: StayChoices, day: dt.date, problem: str) -> str:
    if problem == PlacesProblem.AGE:
        return PlacesProblem.AGE
    if not choices.cells(day).remaining:
        return StayProblem.CLOSED
    return StayProblem.TOO_LATE if problem == StayProblem.TOO_LATE else PlacesProblem.FULL
